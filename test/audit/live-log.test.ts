// auditRecordAdded: each record that is added, once, whichever process adds it and however late it is committed. On
// Postgres there are two processes, and requests come to the one that nobody watches.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { LiveLog } from '../../src/audit/live-log.js';
import { firstIdAt } from '../../src/audit/record-time.js';
import { type Subscriber, subscriber } from '../phone-binding/subscriber.js';
import { askForCode } from '../support/ask.js';
import { auditRecord, wholeLog } from '../support/audit.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

const watch = `subscription Watch {
  auditRecordAdded { id kind operation outcome maskedPhone actor createdAt entries { kind actor detail } }
}`;

describe('auditRecordAdded', () => {
  let database: TestDatabase;
  let near: TestServer;
  let far: TestServer;
  let listener: Subscriber;
  beforeAll(async () => {
    database = await freshDatabase();
    near = await startServer({ database });
    far = onPostgres ? await startServer({ database, sandboxOf: near }) : near;
    listener = subscriber(far, { token: await near.token({ role: 'auditor', sub: 'carol' }) });
  });
  afterAll(async () => {
    await listener?.close();
    if (far !== near) await far?.stop();
    await near?.stop();
    await database?.drop();
  });

  it('is itself in the log before anything is told, and then tells each record once', async () => {
    const earlier = await askForCode(near, { phone: phoneWith() });
    const watching = listener.ask(watch);
    const later = listener.ask('subscription { auditRecordAdded { id } }');
    // Both have been opened.
    const opened = await eventually(
      () => wholeLog(near, { actor: 'carol' }),
      ({ length }) => length === 2,
    );
    expect(opened).toMatchObject([
      { operation: 'auditRecordAdded', outcome: 'ACCEPTED', entries: [{ kind: 'READ', actor: 'carol' }] },
      { operation: 'auditRecordAdded', outcome: 'ACCEPTED', entries: [{ kind: 'READ', actor: 'carol' }] },
    ]);
    const phone = phoneWith();
    const asked = [await askForCode(near, { phone }), await askForCode(near, { phone: phoneWith('9001') })];
    const ids = asked.map(({ requestId }) => requestId);
    await eventually(
      () => [watching, later],
      (all) =>
        all.every(({ seen }) => ids.every((id) => seen.some((record: { id: string }) => record.id === id))),
    );
    const [told] = watching.seen.filter(({ id }) => id === ids[0]);
    const { maskedPhone, entries } = await auditRecord(near, ids[0] ?? '');
    expect(told).toMatchObject({ kind: 'VERIFICATION_CODE', maskedPhone });
    expect(told.entries[0].detail).toEqual(entries[0]?.detail);
    expect(JSON.stringify(watching.seen)).not.toContain(phone.slice(-8));
    // Two more looks.
    await new Promise((done) => setTimeout(done, 2_200));
    for (const { seen } of [watching, later]) {
      const all = seen.map(({ id }: { id: string }) => id);
      expect(all).toHaveLength(new Set(all).size);
      expect(all).not.toContain(earlier.requestId);
      expect(all).toEqual([...all].sort());
    }
    watching.stop();
    later.stop();
  });

  it('is for auditors', async () => {
    const user = subscriber(far, { token: await near.token({ role: 'user' }) });
    const asked = user.ask(watch);
    await asked.ended;
    expect(asked.seen).toEqual([
      { errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN' }) })] },
    ]);
    await user.close();
  });
});

/** A log that grows by hand. */
class Added {
  readonly ids: string[] = [];
  looks = 0;
  failing = 0;

  idsSince = async (at: Date, atMost: number) => {
    this.looks += 1;
    return this.ids
      .filter((id) => id > firstIdAt(at))
      .sort()
      .reverse()
      .slice(0, atMost);
  };

  records = async (ids: readonly string[]) => {
    if (this.failing > 0) {
      this.failing -= 1;
      throw new Error('away');
    }
    return [...ids].sort();
  };

  /** A record that was made so long ago. */
  add(agoMs = 0): string {
    const id = agoMs > 0 ? uuidv7({ msecs: Date.now() - agoMs }) : uuidv7();
    this.ids.push(id);
    return id;
  }
}

describe('the live log', () => {
  let added: Added;
  let live: LiveLog<string>;
  beforeEach(() => {
    added = new Added();
    live = new LiveLog(added, { everyMs: 5, backMs: 15_000, atMost: 50 }, { warn: () => {} });
  });

  async function take(from: AsyncIterator<string>, count: number): Promise<string[]> {
    const taken: string[] = [];
    while (taken.length < count) taken.push((await from.next()).value);
    return taken;
  }

  it('tells of a record that was committed late, and of none twice', async () => {
    const known = added.add(1_000);
    const one = await live.watch();
    const first = added.add();
    expect(await take(one, 1)).toEqual([first]);
    const late = added.add(10_000);
    expect(await take(one, 1)).toEqual([late]);
    const another = await live.watch();
    const more = [added.add(), added.add(14_000)].sort();
    expect(await take(one, 2)).toEqual(more);
    expect(await take(another, 2)).toEqual(more);
    expect(more).not.toContain(known);
    await live.stop();
    expect(await one.next()).toEqual({ done: true, value: undefined });
  });

  it('tells again of what could not be read', async () => {
    const watcher = await live.watch();
    added.failing = 2;
    const id = added.add();
    expect(await take(watcher, 1)).toEqual([id]);
    await live.stop();
  });

  it('looks only while somebody watches, and ends where somebody waits', async () => {
    const [one, other] = [await live.watch(), await live.watch()];
    const waiting = one.next();
    await one.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    const id = added.add();
    expect(await take(other, 1)).toEqual([id]);
    await other.return?.();
    await new Promise((done) => setTimeout(done, 20));
    const { looks } = added;
    await new Promise((done) => setTimeout(done, 50));
    expect(added.looks).toBe(looks);
    added.add();
    const again = await live.watch();
    const next = added.add();
    expect(await take(again, 1)).toEqual([next]);
    await live.stop();
  });

  it('takes the newest where more come than a look takes', async () => {
    const watcher = await live.watch();
    const many = Array.from({ length: 120 }, () => added.add());
    expect(await take(watcher, 50)).toEqual(many.slice(-50));
    const next = added.add();
    expect(await take(watcher, 1)).toEqual([next]);
    await live.stop();
  });

  it('ends with an error for whoever takes less than comes', async () => {
    const [slow, quick] = [await live.watch(), await live.watch()];
    for (let round = 0; round < 2; round += 1) {
      const some = Array.from({ length: 30 }, () => added.add());
      expect(await take(quick, 30)).toEqual(some);
    }
    await expect(slow.next()).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(await slow.next()).toEqual({ done: true, value: undefined });
    await live.stop();
  });
});
