// The table of contents: builds every part, a line each, and takes it down in the reverse order.
import 'reflect-metadata';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { ChainKeeper } from './audit/chain-keeper.js';
import { EntryProofs } from './audit/entry-proof.js';
import { EntryStore } from './audit/entry-store.js';
import { Eraser } from './audit/eraser.js';
import { ErasureStore } from './audit/erasure-store.js';
import { IntegrityStore } from './audit/integrity-store.js';
import { LiveLog } from './audit/live-log.js';
import { PublishedErasures } from './audit/published-erasures.js';
import { PublishedHeads } from './audit/published-heads.js';
import { RecordSealer } from './audit/record-seal.js';
import { keepMonths } from './audit/retention.js';
import { deriveKey, Sealer } from './audit/seal.js';
import { RecordSearch } from './audit/search.js';
import { LogSummary } from './audit/summary.js';
import { Timeline } from './audit/timeline.js';
import { finishErasures } from './audit/unfinished-erasures.js';
import { tokenVerifier } from './auth/tokens.js';
import { commandConfigOf } from './commands/command-config.js';
import { serveCommands } from './commands/control-socket.js';
import { commands } from './commands/index.js';
import { type Config, readConfig } from './config.js';
import { LOCK_WAIT_MS, openDatabase } from './db/client.js';
import { StartupError } from './errors.js';
import { BudgetResolver } from './features/audit-trail/budget-resolver.js';
import { ErasureResolver } from './features/audit-trail/erasure-resolver.js';
import { IntegrityResolver } from './features/audit-trail/integrity-resolver.js';
import { LiveLogResolver } from './features/audit-trail/live-log-resolver.js';
import { ProofResolver } from './features/audit-trail/proof-resolver.js';
import { AuditTrailResolver } from './features/audit-trail/resolver.js';
import { RevealResolver } from './features/audit-trail/reveal-resolver.js';
import { SummaryResolver } from './features/audit-trail/summary-resolver.js';
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
import { Budgets } from './limits/budgets.js';
import type { Limiter } from './limits/claims.js';
import { HumanChecks } from './limits/human-check.js';
import { noLimits, TableLimiter } from './limits/limiter.js';
import { Room } from './limits/room.js';
import { Digester } from './limits/subject.js';
import { Counts } from './metrics/counts.js';
import { serveMetrics } from './metrics/server.js';
import { AccessLog } from './pipeline/access-log.js';
import { openLine, type ProviderLine } from './pipeline/call.js';
import { clearExpired } from './pipeline/expired-rows.js';
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
import { answerGet, h5Page, servePages } from './web/pages.js';
import { serveWebhooks, type WebhookDoor } from './webhooks/server.js';

export interface App {
  /** Where it can be reached, for people. */
  readonly url: string;
  readonly places: readonly (readonly [what: string, where: string])[];
  readonly production: boolean;
  /** Stops taking requests, lets those under way end, and closes what was opened. */
  close(): Promise<void>;
}

const ledgerSettings = {
  // Who joins while one batch waits for its locks waits for the next one as well, and is still told which it was.
  admitWaitMs: 2 * LOCK_WAIT_MS + 1_000,
  settleWaitMs: 5_000,
  batchSize: 200,
  queueSize: 5_000,
};
const repeatSettings = { waitMs: 25_000, pollMs: 50 };
const liveLogSettings = { everyMs: 1_000, backMs: 15_000, atMost: 2_000 };
const LAST_BATCH_MS = 5_000;
/** How long answers may take to leave once the process ends. */
const LAST_ANSWERS_MS = 8_000;
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

    const { retentionMonths } = config;
    const { keys, published, everyMs } = config.checkpoints;
    if (retentionMonths !== undefined && database.owner) {
      const retention = keepMonths(database.owner, retentionMonths, keys, published.file, log);
      closers.push(() => retention.stop());
    }

    const sandbox = config.sandbox && (await startSandbox(config.sandbox, providers));
    closers.push(() => sandbox?.close());

    const keeping = { everyMs, alone: database.kind === 'embedded' };
    const heads = new PublishedHeads(published, log);
    await heads.prepare();
    const keeper = new ChainKeeper(database.client, heads, keys, keeping, log);
    keeper.start();
    closers.push(() => keeper.stop());
    const budgets = new Budgets(database.client, config.limits?.budget ?? null, log);
    const counts = new Counts();
    const ledger = new Ledger(ledgerStore(database.client), keeper, ledgerSettings, log, {
      committed: (items, seconds, used) => {
        counts.committed(items, seconds);
        budgets.watch(used);
      },
      failed: () => counts.failed(),
    });
    closers.push(() => ledger.close(LAST_BATCH_MS));

    const lines = new Map(
      config.providers.map(({ provider, settings }) => [provider.id, openLine(provider, settings)]),
    );

    const doubt = watchForDoubt(database.client, ledger, log);
    closers.push(() => doubt.stop());

    const expiry = clearExpired(database.client, log);
    closers.push(() => expiry.stop());

    const digester = new Digester(config.digestKey);
    const sealer = new RecordSealer(config.sealKeys);
    const repeating = { ...repeatSettings, atMost: Math.ceil(config.http.maxInFlight / 2) };
    const repeats = new Repeats(database.client, sealer, repeating);
    const flows = new Flows(database.client, new Sealer(config.sealKeys, 'flow'), digester);
    const limiter = limiterOf(config, digester);
    const tallies = new Tallies(ledger, log);
    closers.push(() => tallies.stop());
    const accessLog = new AccessLog(ledger, sealer);
    const erasureStore = new ErasureStore(database.client);
    const publishedErasures = new PublishedErasures(published, keys, log);
    closers.push(() => publishedErasures.settled());
    const eraser = new Eraser(erasureStore, publishedErasures, accessLog, digester, log);
    const pipeline = new Pipeline(
      ledger,
      repeats,
      flows,
      digester,
      sealer,
      lines,
      limiter,
      tallies,
      log,
      !config.production,
      counts,
    );
    // What is still under way after a while is cut, and recorded as UNKNOWN before the ledger closes.
    closers.push(() => pipeline.drain(LAST_BATCH_MS));
    closers.push(() => Promise.all(Array.from(lines.values(), (line) => line.close())));
    closers.push(() => pipeline.drain(DRAIN_MS));

    const restored = { file: publishedErasures.file, trusted: keys.trusted, alone: keeping.alone };
    const erasures = await finishErasures(eraser, erasureStore, restored, log);
    closers.push(() => erasures.stop());

    const changes = new FlowChanges();
    const listening = await database.listen('flow_changed', (flow) => changes.heard(flow));
    closers.push(() => listening.stop());

    const http = createHttpServer(log, config.http);
    const room = new Room(config.http.maxInFlight);
    const settingsOf = <Settings>(id: string) =>
      lines.get(id)?.settings as Partial<Settings> | null | undefined;
    const { confirm = false } = settingsOf<TongqifuSettings>('tongqifu') ?? {};
    const { partnersWithApp = [] } = settingsOf<QingsongTokenSettings>('qingsong-token') ?? {};
    const { resendAfterMs = 60_000, pollAfterMs = 5_000 } = settingsOf<JuxinliSettings>('juxinli') ?? {};
    const conversing = { resendAfterMs, pollAfterMs, patienceMs: config.patienceMs };
    const continuations = new Continuations(deriveKey(config.sealKeys[0], 'continuation'));
    const dialogue = new Dialogue(pipeline, ledger, flows, continuations, conversing);
    const sources = new DataSources(lines.get('juxinli'));
    const search = new RecordSearch(database.client, digester, database.reading);
    const live = new LiveLog(search, liveLogSettings, log);
    closers.push(() => live.stop());
    const fieldsOf = declarationsOf(providers);
    const integrityStore = new IntegrityStore(database.client);
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
      new AuditTrailResolver(search, new Timeline(sealer, fieldsOf), accessLog),
      new RevealResolver(search, sealer, fieldsOf, accessLog),
      new ErasureResolver(eraser),
      new ProofResolver(search, new EntryProofs(new EntryStore(database.client), keeper, keys.trusted)),
      new SummaryResolver(new LogSummary(database.reading)),
      new BudgetResolver(budgets),
      new LiveLogResolver(live, accessLog),
      new IntegrityResolver(integrityStore, keys.trusted),
      new ProviderStatusResolver([...lines.values()], config.sandboxUrl),
    ]);

    const health = serveHealth(http, () => database.ping());
    if (config.metrics) {
      const integrity = () => integrityStore.integrity(keys.trusted);
      serveMetrics(
        http,
        counts,
        { lines: [...lines.values()], ledger, room, budgets, integrity },
        config.metrics,
      );
    }
    const graphql = {
      schema,
      openSchema: !config.production || config.explorer,
      verify: tokenVerifier(config.tokens),
      clients: config.clients,
      origins: config.http.origins,
      publicUrl: config.http.publicUrl,
      room,
      log,
    };
    const answerQuery = await serveGraphQL(http, graphql);
    const { maxConnections, connectionShare } = config.http;
    const sockets = {
      maxSockets: Math.ceil(maxConnections / 2),
      strangersShare: { ...connectionShare, most: Math.ceil(connectionShare.most / 2) },
    };
    await serveSubscriptions(http, { ...graphql, ...sockets, onGet: answerGet(config, answerQuery) });
    const notices = new Notices(ledger, flows, digester, tallies);
    await serveWebhooks(http, webhookDoors(lines), notices, room, log);
    serveBindingReturn(http, flows, room, h5Page(config));
    const development = config.developmentDataDir !== undefined;
    await servePages(http, config, {
      h5: { development, confirmation: confirm },
      console: { development, roleClaim: config.tokens.roleClaim },
    });
    if (config.developmentDataDir !== undefined && config.sandboxUrl !== undefined) {
      serveDevelopment(http, { dataDir: config.developmentDataDir, sandboxUrl: config.sandboxUrl });
    }
    if (database.kind === 'embedded') {
      const parts = { config: commandConfigOf(config), database, sealer, digester };
      const partsFor = (operator: string) => ({ ...parts, operator, accessLog: async () => accessLog });
      const control = await serveCommands(config.database.dataDir, commands, partsFor, log);
      closers.push(() => control.close());
    }
    const url = await listen(http, config.http);
    closers.push(() => closeHttp(http));
    closers.push(() => health.drain());

    return {
      url,
      production: config.production,
      places: [
        ['GraphQL', `${url}/graphql`],
        ...(config.explorer ? ([['Explorer', `${url}/explorer/`]] as const) : []),
        ...(config.console ? ([['Console', `${url}/console/`]] as const) : []),
        ...(config.h5 ? ([['H5', `${url}/h5/`]] as const) : []),
        ...(sandbox ? ([['Sandbox', `${sandbox.url}  (inbox: ${sandbox.url}/inbox)`]] as const) : []),
        ...(config.metrics ? ([['Metrics', `${url}/metrics`]] as const) : []),
        ['Database', `${database.kind}, ${database.place}`],
      ],
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function limiterOf({ limits, sealKeys }: Config, digester: Digester): Limiter {
  if (!limits) return noLimits;
  const secret = deriveKey(sealKeys[0], 'human check').toString('hex');
  return new TableLimiter(limits, new HumanChecks(secret, limits.humanCheck), digester);
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

/** A client that has sent half of its request, or takes nothing of its answer, does not keep the others from being recorded. */
async function closeHttp(http: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => http.server.closeAllConnections(), LAST_ANSWERS_MS);
  try {
    await http.close();
  } finally {
    clearTimeout(cut);
  }
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
