// Answers a refusal that asks for a human check by solving its challenge and asking once more.

/** Solves an ALTCHA challenge; what it returns is the mutation's `humanCheck`. */
export type SolveHumanCheck = (challenge: unknown) => Promise<string>;

/** The challenge that stands between this outcome and a better one; null where there is none. */
export function challengeOf(outcome: unknown): unknown {
  const { code, humanCheck } = (outcome ?? {}) as {
    code?: string;
    humanCheck?: { challenge: unknown } | null;
  };
  return code === 'HUMAN_CHECK_REQUIRED' ? (humanCheck?.challenge ?? null) : null;
}

/** Challenge and solution as ALTCHA puts them on the wire: base64 of JSON. */
export function solutionText(challenge: unknown, solution: object): string {
  const json = JSON.stringify({ challenge, solution });
  return base64(
    json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Of ASCII. Mini-programs have no btoa. */
function base64(text: string): string {
  let written = '';
  for (let at = 0; at < text.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((beside) => text.charCodeAt(at + beside));
    const bits = ((a ?? 0) << 16) | ((b || 0) << 8) | (c || 0);
    for (const shift of [18, 12, 6, 0]) written += digits[(bits >> shift) & 63];
  }
  const missing = (3 - (text.length % 3)) % 3;
  return written.slice(0, written.length - missing) + '='.repeat(missing);
}
