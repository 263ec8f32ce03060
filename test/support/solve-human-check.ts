// Solves the challenge of a refusal as a front-end would, with ALTCHA's own solver.
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/sha';
import type { Challenge } from 'altcha-lib/types';

/** Of a challenge: what goes into the mutation's `humanCheck`. */
export async function solveHumanCheck(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey });
  if (!solution) throw new Error('not solved in time');
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
}
