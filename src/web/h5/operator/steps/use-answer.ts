// Answers a step and hears what comes next. After a lost answer the server is asked where it stands, and the
// conversation goes on from there with the continuation that is held.
import { useRef } from 'react';
import type { OwnVariables, TypedDocument } from '../../../client/typed-document.js';
import { api } from '../../api.js';
import { type Asked, useAsk } from '../../asking/use-ask.js';
import { type Authentication, hear } from '../conversation.js';
import { FindOperatorAuthentication } from '../operator-authentication.generated.js';
import type { Answering } from './present-step.js';

type Outcome =
  | ({ __typename: 'OperatorAuthentication' } & Authentication)
  | { __typename: 'Refusal' | 'OutcomeUnknown' };

export function useAnswer<Result extends Record<string, Outcome>, Variables extends { input: Answering }>(
  document: TypedDocument<Result, Variables>,
) {
  const { asked, ask } = useAsk(document);
  const underWay = useRef(false);
  const newest = useRef(0);
  const answer = async (input: Variables['input']): Promise<void> => {
    // A second tap has no answer of its own, and asking where the conversation stands would take its form away.
    if (underWay.current) return;
    underWay.current = true;
    newest.current += 1;
    const mine = newest.current;
    const outcome = await ask({ input } as OwnVariables<Variables>).finally(() => {
      underWay.current = false;
    });
    if (outcome?.__typename === 'OperatorAuthentication') return hear(outcome);
    if (outcome?.__typename === 'Refusal') return;
    const { operatorAuthentication: standing } = await api
      .query(FindOperatorAuthentication, { id: input.id })
      .catch(() => ({ operatorAuthentication: null }));
    // Whoever has tapped again meanwhile waits for what comes of that.
    if (standing && mine === newest.current) hear(standing);
  };
  return { asked: asked as Asked<Outcome>, answer };
}
