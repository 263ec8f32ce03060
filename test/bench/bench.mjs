// One contender as it runs: its database, its server, and the phases of load it goes through.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { shapeOf } from './contenders.mjs';
import { backendPids, createDatabase, databaseUrl, dropDatabase, requireDurable } from './databases.mjs';
import { cpuMs, peakMemoryMb, pinWithOthers, startHelper, startServer } from './processes.mjs';
import { temporaryFolder } from './snapshot.mjs';

const READY_WITHIN_MS = 30_000;

/** Load generator and upstream, the same for all. */
export async function openField() {
  const upstream = await startHelper(join(import.meta.dirname, 'upstream.mjs'));
  const load = await startHelper(join(import.meta.dirname, 'load.mjs'));
  let phones = 0;
  return {
    upstreamUrl: `http://127.0.0.1:${upstream.word.port}`,
    calls: async () => (await upstream.ask('count')).answered,
    /** Numbers are used once in a run: each phase begins where the one before may have ended. */
    async load(order) {
      const done = await load.ask({ ...order, firstPhone: phones });
      phones += done.answered + order.connections;
      return done;
    },
    close: () => Promise.all([upstream.stop(), load.stop()]),
  };
}

export class Running {
  /** Answers that were VerificationCodeSent. */
  answered = 0;
  server = null;

  constructor(contender, snapshot, field) {
    Object.assign(this, { contender, snapshot, field });
  }

  /** Everything that outlives a start of the server. */
  async prepare() {
    const { contender, snapshot } = this;
    this.dataDir = temporaryFolder();
    if (contender.postgres) {
      this.database = await createDatabase(contender.id);
      await requireDurable(this.database);
    }
    await contender.prepare?.({ database: this.database, snapshot });
  }

  /** @returns how long it took from the start of the process to the first answer, in ms */
  async start(nodeOptions = []) {
    const { contender, snapshot, field } = this;
    const port = await freePort();
    if (this.removed) throw new Error('the bench is ending');
    const began = performance.now();
    this.server = startServer([...nodeOptions, ...contender.command(snapshot)], {
      cwd: snapshot,
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        PORT: String(port),
        DATA_DIR: this.dataDir,
        USERCOIN_URL: field.upstreamUrl,
        ...(this.database ? { DATABASE_URL: databaseUrl(this.database) } : {}),
        ...contender.env(port),
      },
    });
    this.port = port;
    this.server.ended.then(() => {
      if (!this.stopping) this.gone = true;
    });
    while (!(await listens(port))) {
      if (this.gone || performance.now() - began > READY_WITHIN_MS) {
        throw new Error(`${contender.name} does not start:\n${this.server.output()}`);
      }
    }
    await this.load(1, 0);
    return performance.now() - began;
  }

  /** A phase of load, and what it cost. At least one request a connection. */
  async load(connections, forMs) {
    const { field, contender, server, port } = this;
    if (this.gone) throw new Error(`${contender.name} has ended:\n${server.output()}`);
    const pids = this.database ? await backendPids(this.database) : [];
    const callsBefore = await field.calls();
    const cpuBefore = cpuMs(server.pid);
    const databaseBefore = sum(pids.map(cpuOrZero));
    let done;
    try {
      done = await field.load({ port, connections, forMs, shape: shapeOf(contender, port) });
    } catch (error) {
      throw new Error(`${contender.name}: ${error.message}\n${server.output()}`);
    }
    const cpu = cpuMs(server.pid) - cpuBefore;
    const databaseCpu = sum(pids.map(cpuOrZero)) - databaseBefore;
    const calls = (await field.calls()) - callsBefore;
    if (calls !== done.answered) {
      throw new Error(`${contender.name} called the provider ${calls} times for ${done.answered} answers`);
    }
    this.answered += done.answered;
    return {
      ...done,
      cpuUs: (cpu * 1_000) / done.answered,
      databaseUs: pids.length > 0 ? (databaseCpu * 1_000) / done.answered : undefined,
      perSecond: done.answered / done.seconds,
      busy: cpu / 1_000 / done.seconds,
    };
  }

  /** Lets JIT, pools and caches settle: as many requests for each contender, as far as time allows. */
  async warmUp(requests, withinMs) {
    const until = performance.now() + withinMs;
    const enough = this.answered + requests;
    while (this.answered < enough && performance.now() < until) await this.load(64, 500);
    return this.leadIn(0);
  }

  /**
   * Pools close what rests for ten seconds: opens their connections again, unmeasured, and moves Postgres'
   * end of them off the server's core.
   * @returns false where they could not be moved
   */
  async leadIn(forMs) {
    await this.load(64, forMs);
    return this.database ? pinWithOthers(await backendPids(this.database)) : true;
  }

  peakMemoryMb() {
    return peakMemoryMb(this.server.pid);
  }

  async stop() {
    this.stopping = true;
    await this.server?.stop();
    this.server = null;
    this.stopping = false;
  }

  /** Two durable rows for each answer, and none too many. Only after `stop`. */
  async countRows() {
    const { intents, outcomes } = await this.contender.count(this);
    const { answered } = this;
    return { intents, outcomes, answered, complete: intents === answered && outcomes === answered };
  }

  async remove() {
    this.removed = true;
    await this.stop();
    if (this.database) await dropDatabase(this.database);
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Below the ports that systems hand out by themselves, so that nobody takes it before the server does. */
async function freePort() {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

async function listens(port) {
  const open = await new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
  if (!open) await new Promise((resolve) => setTimeout(resolve, 5));
  return open;
}

function cpuOrZero(pid) {
  try {
    return cpuMs(pid);
  } catch {
    // A connection that the pool has closed meanwhile.
    return 0;
  }
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
