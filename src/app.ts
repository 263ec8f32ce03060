// The table of contents: builds every part, a line each, and takes it down in the reverse order.
import 'reflect-metadata';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { ChainKeeper } from './audit/chain-keeper.js';
import { PublishedHeads } from './audit/published-heads.js';
import { RecordSealer } from './audit/record-seal.js';
import { deriveKey, Sealer } from './audit/seal.js';
import { RecordSearch } from './audit/search.js';
import { Timeline } from './audit/timeline.js';
import { tokenVerifier } from './auth/tokens.js';
import { readConfig } from './config.js';
import { openDatabase } from './db/client.js';
import { StartupError } from './errors.js';
import { AuditTrailResolver } from './features/audit-trail/resolver.js';
import { Continuations } from './features/operator-authentication/continuation.js';
import { DataSources } from './features/operator-authentication/data-sources.js';
import { Dialogue } from './features/operator-authentication/dialogue.js';
import { OperatorAuthenticationResolver } from './features/operator-authentication/resolver.js';
import { bindingNotice } from './features/phone-binding/notices.js';
import { PhoneBindingResolver } from './features/phone-binding/resolver.js';
import { ProviderStatusResolver } from './features/provider-status/resolver.js';
import { UserTokenResolver } from './features/user-token/resolver.js';
import {
  VerificationCodeResolver,
  type VerificationCodeSettings,
} from './features/verification-code/resolver.js';
import { buildSchema } from './graphql/schema.js';
import { serveGraphQL } from './graphql/server.js';
import { serveSubscriptions } from './graphql/subscriptions.js';
import { serveHealth } from './health.js';
import { createHttpServer } from './http-server.js';
import { Digester } from './limits/subject.js';
import { AccessLog } from './pipeline/access-log.js';
import { openLine, type ProviderLine } from './pipeline/call.js';
import { clearExpiredKeys } from './pipeline/expired-keys.js';
import { Flows } from './pipeline/flow.js';
import { FlowChanges } from './pipeline/flow-changes.js';
import { watchForDoubt } from './pipeline/in-doubt.js';
import { Ledger } from './pipeline/ledger.js';
import { ledgerStore } from './pipeline/ledger-store.js';
import { Notices } from './pipeline/notices.js';
import { Pipeline } from './pipeline/pipeline.js';
import { Repeats } from './pipeline/repeats.js';
import { Tallies } from './pipeline/tallies.js';
import { declarationsOf } from './providers/declarations.js';
import { providers } from './providers/index.js';
import type { JuxinliSettings } from './providers/juxinli/index.js';
import type { QingsongTokenSettings } from './providers/qingsong-token/index.js';
import { type TongqifuSettings, tongqifu } from './providers/tongqifu/index.js';
import { startSandbox } from './sandbox/server.js';
import { serveBindingReturn } from './web/binding-return.js';
import { serveDevelopment } from './web/development.js';
import { answerGet, servePages } from './web/pages.js';
import { serveWebhooks, type WebhookDoor } from './webhooks/server.js';

export interface App {
  /** Where it can be reached, for people. */
  readonly url: string;
  readonly places: readonly (readonly [what: string, where: string])[];
  readonly production: boolean;
  /** Stops taking requests, lets those under way end, and closes what was opened. */
  close(): Promise<void>;
}

const ledgerSettings = { admitWaitMs: 5_000, settleWaitMs: 5_000, batchSize: 200, queueSize: 5_000 };
const repeatSettings = { waitMs: 25_000, pollMs: 50 };
const LAST_BATCH_MS = 5_000;
/** Longer than calls that answer in seconds; those that take minutes are not waited for. */
const DRAIN_MS = 10_000;

/** @throws StartupError with every reason why it cannot start */
export async function startApp(variables: Record<string, string | undefined>): Promise<App> {
  const config = await readConfig(variables, providers);
  const log = pino({ level: config.logLevel, base: { app: 'yanzheng' } });
  const closers: (() => unknown)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };

  try {
    const database = await openDatabase(config.database, log);
    closers.push(() => database.close());

    const sandbox = config.sandbox && (await startSandbox(config.sandbox, providers));
    closers.push(() => sandbox?.close());

    const { keys, published, everyMs } = config.checkpoints;
    const keeping = { everyMs, alone: database.kind === 'embedded' };
    const heads = new PublishedHeads(published, log);
    await heads.prepare();
    const keeper = new ChainKeeper(database.client, heads, keys, keeping, log);
    keeper.start();
    closers.push(() => keeper.stop());
    const ledger = new Ledger(ledgerStore(database.client), keeper, ledgerSettings, log);
    closers.push(() => ledger.close(LAST_BATCH_MS));

    const lines = new Map(
      config.providers.map(({ provider, settings }) => [provider.id, openLine(provider, settings)]),
    );

    const doubt = watchForDoubt(database.client, ledger, log);
    closers.push(() => doubt.stop());

    const expiry = clearExpiredKeys(database.client, log);
    closers.push(() => expiry.stop());

    const digester = new Digester(config.digestKey);
    const sealer = new RecordSealer([config.sealKey]);
    const repeats = new Repeats(database.client, sealer, repeatSettings);
    const flows = new Flows(database.client, new Sealer([config.sealKey], 'flow'));
    const tallies = new Tallies(ledger, log);
    closers.push(() => tallies.stop());
    const accessLog = new AccessLog(ledger, sealer);
    const pipeline = new Pipeline(ledger, repeats, flows, digester, sealer, lines, log, !config.production);
    // What is still under way after a while is cut, and recorded as UNKNOWN before the ledger closes.
    closers.push(() => pipeline.drain(LAST_BATCH_MS));
    closers.push(() => Promise.all(Array.from(lines.values(), (line) => line.close())));
    closers.push(() => pipeline.drain(DRAIN_MS));

    const changes = new FlowChanges();
    const listening = await database.listen('flow_changed', (flow) => changes.heard(flow));
    closers.push(() => listening.stop());

    const http = createHttpServer(log);
    const settingsOf = <Settings>(id: string) =>
      lines.get(id)?.settings as Partial<Settings> | null | undefined;
    const { confirm = false } = settingsOf<TongqifuSettings>('tongqifu') ?? {};
    const { partnersWithApp = [] } = settingsOf<QingsongTokenSettings>('qingsong-token') ?? {};
    const { resendAfterMs = 60_000, pollAfterMs = 5_000 } = settingsOf<JuxinliSettings>('juxinli') ?? {};
    const conversing = { resendAfterMs, pollAfterMs, patienceMs: config.patienceMs };
    const continuations = new Continuations(deriveKey(config.sealKey, 'continuation'));
    const dialogue = new Dialogue(pipeline, ledger, flows, continuations, conversing);
    const sources = new DataSources(lines.get('juxinli'));
    const schema = buildSchema([
      new VerificationCodeResolver(pipeline, {
        accountCodes: accountCodesOf(lines.get(config.accountCodeProvider)),
      }),
      new OperatorAuthenticationResolver(pipeline, flows, dialogue, sources, conversing),
      new PhoneBindingResolver(pipeline, flows, changes, {
        returnUrls: config.returnUrls,
        publicUrl: () => config.http.publicUrl ?? `http://127.0.0.1:${portOf(http)}`,
        confirmation: confirm,
      }),
      new UserTokenResolver(pipeline, { partnersWithApp }),
      new AuditTrailResolver(
        new RecordSearch(database.client, digester),
        new Timeline(sealer, declarationsOf(providers)),
        accessLog,
      ),
      new ProviderStatusResolver([...lines.values()], config.sandboxUrl),
    ]);

    const health = serveHealth(http, () => database.ping());
    const graphql = {
      schema,
      openSchema: !config.production || config.explorer,
      verify: tokenVerifier(config.tokens),
      clients: config.clients,
      log,
    };
    await serveGraphQL(http, graphql);
    await serveSubscriptions(http, { ...graphql, onGet: answerGet(config) });
    await serveWebhooks(http, webhookDoors(lines), new Notices(ledger, flows, digester, tallies), log);
    serveBindingReturn(http, flows);
    await servePages(http, { explorer: config.explorer });
    if (config.developmentDataDir !== undefined && config.sandboxUrl !== undefined) {
      serveDevelopment(http, { dataDir: config.developmentDataDir, sandboxUrl: config.sandboxUrl });
    }
    const url = await listen(http, config.http);
    closers.push(() => http.close());
    closers.push(() => health.drain());

    return {
      url,
      production: config.production,
      places: [
        ['GraphQL', `${url}/graphql`],
        ...(config.explorer ? ([['Explorer', `${url}/explorer/`]] as const) : []),
        ...(sandbox ? ([['Sandbox', `${sandbox.url}  (inbox: ${sandbox.url}/inbox)`]] as const) : []),
        ['Database', `${database.kind}, ${database.place}`],
      ],
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function accountCodesOf(line: ProviderLine | undefined): VerificationCodeSettings['accountCodes'] {
  const codes = line?.provider.accountCodes;
  if (!codes || !line.settings) return null;
  return { operation: codes.operation, furtherTypes: codes.furtherTypes(line.settings) };
}

function webhookDoors(lines: ReadonlyMap<string, ProviderLine>): WebhookDoor[] {
  const line = lines.get(tongqifu.id);
  if (!line?.settings) return [];
  const { id: provider, webhook } = tongqifu;
  return [{ provider, operation: 'bindingNotice', webhook, settings: line.settings, handle: bindingNotice }];
}

function portOf(http: FastifyInstance): number {
  const address = http.server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function listen(
  http: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<string> {
  try {
    return await http.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new StartupError([`PORT ${port} on ${host} is taken; stop what is there or set another PORT`]);
    }
    throw new StartupError([`HOST ${host} and PORT ${port} cannot be listened on: ${code}`]);
  }
}
