// A binding as the page shows it, whoever told: an answer, a query or the subscription.
import type { BindingPartsFragment } from './binding-parts.generated.js';

export type Standing = BindingPartsFragment;

export const hasEnded = ({ status }: Standing) => status === 'BOUND' || status === 'FAILED';
