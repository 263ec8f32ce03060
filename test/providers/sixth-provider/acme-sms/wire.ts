// What goes over the wire to Acme, an invented vendor of SMS: what is sent, what comes back, what its words mean.
import { z } from 'zod';
import { readJson, wireCode, wireCount, wireText } from '../../../../src/providers/json-answer.js';
import type { ProviderRefusal } from '../../../../src/providers/provider.js';

export const SEND_PATH = '/v1/codes';

/** What the simulator knows the client by. */
export const SANDBOX_KEY = 'acme-sandbox-key';

export interface SendFields {
  key: string;
  /** E.164. */
  to: string;
  /** welcome, recover */
  scene: string;
}

const answerShape = z.object({
  status: wireCode,
  reason: wireText,
  id: wireText,
  valid_for: wireCount,
  retry_after: wireCount,
});

export type SendAnswer = z.output<typeof answerShape>;

/** @throws UnreadableAnswer */
export function readSendAnswer(text: string): SendAnswer {
  return readJson(text, answerShape);
}

const meanings: Readonly<Record<string, Pick<ProviderRefusal, 'refused' | 'tellsExistence'>>> = {
  slow_down: { refused: 'RATE_LIMITED' },
  blocked: { refused: 'DESTINATION_NOT_ALLOWED' },
};

export function meaningOf(status: string): Pick<ProviderRefusal, 'refused' | 'tellsExistence'> {
  return meanings[status] ?? { refused: 'REFUSED_BY_PROVIDER', tellsExistence: true };
}
