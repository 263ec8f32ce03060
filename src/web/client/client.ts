// Asks the server: queries answer data, mutations answer an outcome to switch on by __typename.
//
//   const client = createClient({ url: '/graphql', clientId: 'h5', token: () => token });
//   const outcome = await client.mutate(RequestAccountCode, { phone, purpose: 'REGISTER' });
//   if (outcome.__typename === 'VerificationCodeSent') …
import { challengeOf, type SolveHumanCheck } from './human-check.js';
import { newIdempotencyKey } from './idempotency-key.js';
import { withRepetition } from './retry.js';
import { type ClientSettings as Sender, send } from './send.js';
import type { OutcomeOf, OwnVariables, TypedDocument } from './typed-document.js';

export interface ClientSettings extends Sender {
  /** Absent: a refusal with a challenge is handed on like any other. */
  solveHumanCheck?: SolveHumanCheck;
}

/** What a mutation is doing that takes longer than usual. */
export type Progress = 'REPEATING' | 'CHECKING_HUMAN';

export interface MutateOptions {
  /** Of an earlier attempt at the same wish; absent: a fresh one. */
  idempotencyKey?: string;
  onProgress?: (progress: Progress) => void;
}

export interface Client {
  /** @throws ApiError */
  query<Result, Variables extends object>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
  ): Promise<Result>;
  /**
   * Repeats itself with the same idempotencyKey where the answer is lost, and solves a human check.
   * @throws ApiError after which the same wish is best repeated with the same idempotencyKey
   */
  mutate<Result, Variables extends object>(
    document: TypedDocument<Result, Variables>,
    variables: OwnVariables<Variables>,
    options?: MutateOptions,
  ): Promise<OutcomeOf<Result>>;
}

export function createClient(settings: ClientSettings): Client {
  return {
    async query<Result>(document: TypedDocument<Result, never>, variables: object) {
      return (await withRepetition(() => send(settings, document.query, variables))) as Result;
    },

    async mutate<Result>(
      { query }: TypedDocument<Result, never>,
      variables: object,
      { idempotencyKey = newIdempotencyKey(), onProgress = () => {} }: MutateOptions = {},
    ) {
      const keyed = query.includes('$idempotencyKey');
      const once = async (humanCheck?: string) => {
        const own = {
          ...(keyed ? { idempotencyKey } : {}),
          ...(humanCheck === undefined ? {} : { humanCheck }),
        };
        const [outcome] = Object.values((await send(settings, query, { ...variables, ...own })) as object);
        return outcome as OutcomeOf<Result>;
      };
      // Without a key, a repetition might have a second effect.
      const ask = (humanCheck?: string) =>
        keyed
          ? withRepetition(
              () => once(humanCheck),
              () => onProgress('REPEATING'),
            )
          : once(humanCheck);

      const outcome = await ask();
      const challenge = challengeOf(outcome);
      if (challenge === null || !settings.solveHumanCheck) return outcome;
      onProgress('CHECKING_HUMAN');
      const solution = await settings.solveHumanCheck(challenge).catch(() => null);
      return solution === null ? outcome : ask(solution);
    },
  };
}
