// Where providers' notices come in: verified from the raw bytes, made durable, handled once, acknowledged.
// A notice that is not acknowledged comes again, so one that could not be stored is not lost.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { neighbourhoodOf } from '../auth/client-address.js';
import { errorName } from '../errors.js';
import type { Room } from '../limits/room.js';
import type { FlowNotice, Notices, StrayNotice } from '../pipeline/notices.js';
import type { Notice, NoticeFault, Webhook } from '../providers/provider.js';

export interface WebhookDoor {
  provider: string;
  /** Of the record that counts stray notices. */
  operation: string;
  webhook: Webhook<never>;
  settings: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: what a notice says is between the provider's folder and the feature
  handle(notice: any): FlowNotice<any, any>;
}

export interface WebhookLog {
  warn(fields: object, message: string): void;
}

const rules: Record<NoticeFault, StrayNotice['rule']> = {
  FORGED: 'FORGED_NOTICE',
  MALFORMED: 'MALFORMED_NOTICE',
  NOT_OURS: 'UNMATCHED_NOTICE',
};

const BODY_LIMIT = 16 * 1024;

export async function serveWebhooks(
  app: FastifyInstance,
  doors: readonly WebhookDoor[],
  notices: Notices,
  room: Room,
  log: WebhookLog,
): Promise<void> {
  await app.register(async (routes) => {
    // Signatures are over the bytes as they came.
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    for (const door of doors) {
      const { webhook, provider, operation, settings } = door as WebhookDoor & { webhook: Webhook };
      const receive = async (request: FastifyRequest, reply: FastifyReply) => {
        reply.type('text/plain; charset=utf-8');
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const verdict = webhook.verify(settings, body, request.headers['content-type'] ?? '');
        try {
          const rule = 'notice' in verdict ? await accept(door, verdict.notice) : rules[verdict.refused];
          if (rule) {
            const source = neighbourhoodOf(request.address);
            const isFirst = await notices.count({ provider, operation, rule, source });
            const detail = 'notice' in verdict ? undefined : verdict.detail;
            if (isFirst)
              log.warn({ requestId: request.id, provider, rule, detail }, 'a notice changed nothing');
          }
          // What the provider surely sent is acknowledged even where it changes nothing: it would only come again.
          const genuine = 'notice' in verdict || verdict.refused === 'NOT_OURS';
          return reply.status(genuine ? 200 : 400).send(genuine ? webhook.acknowledgement : 'fail');
        } catch (error) {
          log.warn(
            { requestId: request.id, provider, error: errorName(error) },
            'a notice could not be stored',
          );
          return reply.status(503).send('fail');
        }
      };
      routes.post(webhook.path, (request, reply) => room.within(() => receive(request, reply)));
    }
  });

  async function accept({ handle }: WebhookDoor, notice: Notice): Promise<StrayNotice['rule'] | undefined> {
    const done = await notices.record(handle(notice));
    return done === 'RECORDED' ? undefined : done;
  }
}
