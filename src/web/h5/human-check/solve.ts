// Solves an ALTCHA challenge beside the page, so that nothing stutters meanwhile.
import type { SolveHumanCheck } from '../../client/human-check.js';
import { solutionText } from '../../client/human-check.js';

export const solveHumanCheck: SolveHumanCheck = async (challenge) => {
  const { solveChallengeWorkers } = await import('altcha-lib');
  const solution = await solveChallengeWorkers({
    challenge: challenge as Parameters<typeof solveChallengeWorkers>[0]['challenge'],
    concurrency: Math.min(4, navigator.hardwareConcurrency || 2),
    createWorker: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  });
  if (!solution) throw new Error('the challenge was not solved in time');
  return solutionText(challenge, solution);
};
