// What the endpoints of QingSong Education have in common in their answers.

import { openNested } from './json-answer.js';
import { UnreadableAnswer } from './provider.js';

/**
 * Takes the answer out of `{"type":"0","title":"","content":"","data":"<JSON>","trackid":"…"}`, which sibling
 * pages print around it. Anything that carries its own code, or holds no readable `data`, is the answer itself.
 */
export function unwrapEnvelope(json: object): object {
  const { errcode, code, type, trackid, data } = json as Record<string, unknown>;
  if (errcode !== undefined || code !== undefined) return json;
  if (type === undefined && trackid === undefined) return json;
  try {
    return openNested(data) ?? json;
  } catch (error) {
    if (error instanceof UnreadableAnswer) return json;
    throw error;
  }
}

/** No page lists a code for too many requests, so the text has to tell, as in `操作过于频繁`. */
export function saysTooOften(text: string | undefined): boolean {
  return text?.includes('频繁') ?? false;
}
