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

/** Challenge and solution as ALTCHA puts them on the wire: base64 of JSON. Both are ASCII. */
export function solutionText(challenge: unknown, solution: object): string {
  return btoa(JSON.stringify({ challenge, solution }));
}
