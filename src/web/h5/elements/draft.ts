// What the person has typed that more than one screen asks for. The sandbox's sheet writes here, too.
import { store } from '../store.js';

export const phoneDraft = store('');
export const codeDraft = store('');
