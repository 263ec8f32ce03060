// Conversations of several requests: where each stands, in the database, so that any replica can go on with it.
// A flow is changed only by the ledger's batches, each for the version its maker has seen.
import type { RequestKind } from '../audit/entry.js';
import { erasedOwner } from '../audit/erased-owner.js';
import { isId } from '../audit/record-time.js';
import type { Sealer } from '../audit/seal.js';
import type { PrismaClient } from '../db/generated/client.js';
import type { Digester } from '../limits/subject.js';
import type { Settled } from './request.js';

/** Where a conversation stands: `state` in the clear, `personal` sealed while it rests. */
export interface Standing<State, Personal> {
  state: State;
  personal?: Personal | undefined;
}

export interface Flow<State = unknown, Personal = unknown> extends Standing<State, Personal> {
  /** The requestId of the request that began it. */
  id: string;
  kind: RequestKind;
  /** Whose it is. */
  actor: string;
  version: number;
  /** True while a provider call of this flow is under way, on whichever replica. */
  running: boolean;
  updatedAt: Date;
}

/** What a request does with a flow. `State` holds nothing personal and nothing secret. */
export interface FlowStep<Value, State, Personal> {
  /** Begins a flow with this standing, or goes on with one as it was read. */
  from: { begin: Standing<State, Personal> } | { goOn: Flow<State, Personal> };
  /**
   * Where the flow stands after the call; pure. Called again where a notice changed the flow meanwhile.
   * @param settled null where surely nothing was sent
   */
  after(standing: Standing<State, Personal>, settled: Settled<Value> | null): Standing<State, Personal>;
}

/** The flow has moved on, or has a call under way: nothing was sent. */
export class FlowConflict extends Error {
  constructor() {
    super('the flow has moved on');
    this.name = 'FlowConflict';
  }
}

export class Flows {
  constructor(
    private readonly client: PrismaClient,
    private readonly sealer: Sealer,
    private readonly digester: Digester,
  ) {}

  /** The caller's own, also after its person was erased; null for someone else's. */
  async readOwn<State, Personal>(
    kind: RequestKind,
    id: string,
    actor: string,
  ): Promise<Flow<State, Personal> | null> {
    const flow = await this.read<State, Personal>(kind, id);
    if (!flow) return null;
    const own = flow.actor === actor || flow.actor === erasedOwner(this.digester, flow.id, actor);
    return own ? { ...flow, actor } : null;
  }

  /** Null where there is none of that kind. */
  async read<State, Personal>(kind: RequestKind, id: string): Promise<Flow<State, Personal> | null> {
    if (!isId(id)) return null;
    const row = await this.client.flow.findUnique({ where: { id } });
    if (!row || row.kind !== kind) return null;
    return {
      id: row.id,
      kind,
      actor: row.actor,
      version: row.version,
      state: row.state as State,
      personal: row.sealed ? (this.sealer.open(row.id, row.sealed) as Personal) : undefined,
      running: row.running !== null && row.runningUntil !== null && row.runningUntil.getTime() > Date.now(),
      updatedAt: row.updatedAt,
    };
  }

  /** Hex, for the ledger. */
  seal(id: string, personal: unknown): string | undefined {
    return personal === undefined ? undefined : this.sealer.seal(id, personal).toString('hex');
  }
}
