// A binding as the page shows it, whoever told: an answer, a query or the subscription.
import { store } from '../store.js';
import type { BindingPartsFragment } from './binding-parts.generated.js';

export type Standing = BindingPartsFragment;

/** What the application was answered: it is shown at once, before anything more is heard. */
export const justApplied = store<Standing | null>(null);

export const hasEnded = ({ status }: Standing) => status === 'BOUND' || status === 'FAILED';
