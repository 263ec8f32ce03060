// A provider's notices: those that belong to a flow become a CALLBACK entry together with what they change,
// once; the others are counted, one record for each source and hour, so that nobody can fill the log with them.
import { v7 as uuidv7 } from 'uuid';
import { commitmentTo } from '../audit/commitment.js';
import { leafOf, type RequestKind } from '../audit/entry.js';
import { random } from '../audit/random.js';
import { timeOfId } from '../audit/record-time.js';
import type { Digester } from '../limits/subject.js';
import type { Flow, Flows, Standing } from './flow.js';
import type { Ledger } from './ledger.js';
import { settlementWithoutCall } from './settlement.js';
import type { Tallies } from './tallies.js';

export interface FlowNotice<State, Personal> {
  kind: RequestKind;
  /** The flow's id, as the notice names it. */
  flow: string;
  /** What the log says of the notice: nothing personal. */
  detail: Readonly<Record<string, string | undefined>>;
  /** Where the flow stands after it; or why it changes nothing. Pure; called again where the flow moved meanwhile. */
  after(flow: Flow<State, Personal>): Standing<State, Personal> | NoticeRejection;
}

export type NoticeRejection = 'DUPLICATE_NOTICE' | 'UNMATCHED_NOTICE';

/** A notice that belongs to no flow, or that was handled before. */
export interface StrayNotice {
  provider: string;
  operation: string;
  rule: NoticeRejection | 'FORGED_NOTICE' | 'MALFORMED_NOTICE';
  /** The address that sent it; rests as part of a keyed digest only. */
  source: string;
}

const HOUR_MS = 3_600_000;
/** So many sources of an hour get a record of their own, then one stands for all: whoever has a network has many. */
const MOST_SOURCES = 100;
const OTHERS = '';
/** Longer than any notice of the hour may still be under way. */
const DUE_MS = 60_000;

export class Notices {
  /** Records of this hour's first stray notices, by keyed digest of what they have in common. */
  private readonly firsts = new Map<string, Promise<string>>();
  private hour = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly flows: Flows,
    private readonly digester: Digester,
    private readonly tallies: Tallies,
  ) {}

  /** @throws Fault AUDIT_UNAVAILABLE where it could not be made durable: the provider has to send it again */
  async record<State, Personal>(notice: FlowNotice<State, Personal>): Promise<'RECORDED' | NoticeRejection> {
    const id = uuidv7();
    const at = timeOfId(id).toISOString();
    for (;;) {
      const flow = await this.flows.read<State, Personal>(notice.kind, notice.flow);
      if (!flow) return 'UNMATCHED_NOTICE';
      const standing = notice.after(flow);
      if (typeof standing === 'string') return standing;
      const verdict = await this.ledger.callback({
        id,
        record: flow.id,
        at,
        leaf: leafOf({ ...notice.detail, kind: 'CALLBACK', record: flow.id, at }),
        step: {
          id: flow.id,
          kind: notice.kind,
          version: flow.version,
          state: standing.state,
          sealed: this.flows.seal(flow.id, standing.personal),
        },
      });
      if (verdict !== 'CONFLICT') return 'RECORDED';
    }
  }

  /**
   * The first of a source and hour is a record; the others are counted.
   * @returns whether it is one that this process has not seen the like of in this hour
   */
  async count({ provider, operation, rule, source }: StrayNotice): Promise<boolean> {
    const hour = Math.floor(Date.now() / HOUR_MS);
    if (hour !== this.hour) {
      this.hour = hour;
      this.firsts.clear();
    }
    const keyOf = (whose: string) => this.digester.of('stray-notice', provider, rule, whose, String(hour));
    const own = keyOf(source);
    const key = this.firsts.has(own) || this.firsts.size < MOST_SOURCES ? own : keyOf(OTHERS);
    const first = this.firsts.get(key);
    if (first !== undefined) {
      this.tallies.add({ record: await first, provider, kind: 'WEBHOOK', rule });
      return false;
    }
    const recorded = this.recordStray(provider, operation, rule, key);
    this.firsts.set(key, recorded);
    recorded.catch(() => this.firsts.delete(key));
    await recorded;
    return true;
  }

  /** @returns the id of the first of this source and hour, which another process may have recorded */
  private async recordStray(provider: string, operation: string, rule: string, key: string): Promise<string> {
    const id = uuidv7();
    const at = timeOfId(id).toISOString();
    const salt = random(16).toString('hex');
    const record = { provider, operation, at };
    const verdict = await this.ledger.admit({
      id,
      kind: 'WEBHOOK',
      ...record,
      dueMs: DUE_MS,
      subjects: [],
      salt,
      leaf: leafOf({
        ...record,
        kind: 'INTENT',
        record: id,
        requestKind: 'WEBHOOK',
        commitment: commitmentTo(salt, { subjects: [] }),
      }),
      key: { digest: key, input: this.digester.of('stray-notice-input') },
    });
    if (!verdict.admitted) return 'of' in verdict ? verdict.of : id;
    await this.ledger.settle(settlementWithoutCall({ ...record, kind: 'WEBHOOK', id }, 'DENIED', rule));
    return id;
  }
}
