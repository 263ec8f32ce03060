// Juxinli's list of sources, asked for at most every ten minutes, and kept for when it cannot be had.

import { v7 as uuidv7 } from 'uuid';
import { Fault } from '../../errors.js';
import type { ProviderLine } from '../../pipeline/call.js';
import type { DataSource } from '../../providers/juxinli/data-source.js';
import { juxinli } from '../../providers/juxinli/index.js';
import { TransportFailure, UnreadableAnswer } from '../../providers/provider.js';

const FRESH_MS = 600_000;
/** After a failure, the old list serves this long before the provider is asked again. */
const PAUSE_MS = 10_000;

/** Concerns no person, so it leaves no record. */
export class DataSources {
  private known: DataSource[] | undefined;
  private askAgainAt = 0;
  private asking: Promise<void> | undefined;

  constructor(private readonly line: ProviderLine | undefined) {}

  /** @throws Fault PROVIDER_NOT_CONFIGURED; PROVIDER_UNAVAILABLE where there is not even an old list */
  async list(): Promise<readonly DataSource[]> {
    if (!this.line?.settings) throw new Fault('PROVIDER_NOT_CONFIGURED');
    if (Date.now() >= this.askAgainAt) {
      this.asking ??= this.ask(this.line).finally(() => {
        this.asking = undefined;
      });
      await this.asking;
    }
    if (!this.known)
      throw new Fault('PROVIDER_UNAVAILABLE', { message: 'The list of sources cannot be had now.' });
    return this.known;
  }

  private async ask(line: ProviderLine): Promise<void> {
    this.askAgainAt = Date.now() + PAUSE_MS;
    try {
      const reply = await line.call(juxinli.operations.listDataSources, {}, { requestId: uuidv7() });
      if (!('accepted' in reply)) return;
      this.known = reply.accepted.sources;
      this.askAgainAt = Date.now() + FRESH_MS;
    } catch (error) {
      if (!(error instanceof TransportFailure || error instanceof UnreadableAnswer)) throw error;
    }
  }
}
