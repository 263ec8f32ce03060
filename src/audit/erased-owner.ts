// Whose a flow was, once its person is erased: enough for the owner to be recognised when he asks again, and for
// nobody else to be told who he is.
import type { Digester } from '../limits/subject.js';

/** No caller's name begins with this: control characters are taken out of names. */
const MARK = '\u001aerased ';

export function erasedOwner(digester: Digester, flow: string, actor: string): string {
  return MARK + digester.of('erased-owner', flow, actor);
}

export function isErasedOwner(actor: string): boolean {
  return actor.startsWith(MARK);
}
