// Solves an ALTCHA challenge beside the page, so that nothing stutters meanwhile.
import type { SolveHumanCheck } from '../../client/human-check.js';
import type { Solved } from './worker.js';

export const solveHumanCheck: SolveHumanCheck = (challenge) =>
  new Promise<string>((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Solved>) => {
      worker.terminate();
      if (data.text === null) reject(new Error('the challenge was not solved'));
      else resolve(data.text);
    };
    worker.onerror = () => {
      worker.terminate();
      reject(new Error('the worker did not start'));
    };
    worker.postMessage(challenge);
  });
