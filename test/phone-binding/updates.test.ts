// phoneBindingUpdated: where a binding stands on subscribing and after every change, whichever process learns of
// it. On Postgres there are two, and the notice comes to the one that nobody listens to.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';
import { bind, bindingOf, confirm, decide, legalPerson, signingOnline, withPapers } from './binding.js';
import { type Subscriber, subscriber } from './subscriber.js';

const env = { TONGQIFU_CONFIRM: 'on' };
let database: TestDatabase;
/** Takes the requests and the notices. */
let near: TestServer;
/** Is listened to. */
let far: TestServer;
let token: string;
let listener: Subscriber;
beforeAll(async () => {
  database = await freshDatabase();
  near = await startServer({ database, env });
  far = onPostgres ? await startServer({ database, env, sandboxOf: near }) : near;
  token = await near.token({ role: 'user', sub: 'alice' });
  listener = subscriber(far, { token });
});
afterAll(async () => {
  await listener?.close();
  if (far !== near) await far?.stop();
  await near?.stop();
  await database?.drop();
});

describe('phoneBindingUpdated', () => {
  it('tells the state at once, the same that a query tells, and then each change', async () => {
    const { id, signingUrl } = await bind(near, signingOnline(), { token });
    const watching = listener.watch(id);
    await eventually(
      () => watching.seen,
      (seen) => seen.length === 1,
    );
    expect(watching.seen[0]).toEqual(await bindingOf(near, id, token));
    await decide(signingUrl, 'sign');
    await eventually(
      () => watching.seen,
      (seen) => seen.length === 2,
    );
    expect(watching.seen.map(({ status }) => status)).toEqual(['AWAITING_SIGNATURE', 'BOUND']);
    expect(watching.seen[1]).toEqual(await bindingOf(near, id, token));
    watching.stop();
  });

  it('tells a confirmation and a failure too, each to whom it concerns', async () => {
    const wish = legalPerson();
    const [legal, signing] = await Promise.all([
      bind(near, wish, { token }),
      bind(near, signingOnline(), { token }),
    ]);
    const [first, second] = [legal, signing].map(({ id }) => listener.watch(id));
    await eventually(
      () => [first, second],
      (both) => both.every((each) => each?.seen.length === 1),
    );
    const [message] = await near.inbox(wish.phone);
    await confirm(near, { id: legal.id, code: message?.code ?? '' }, { token });
    await decide(signing.signingUrl, 'decline');
    await eventually(
      () => first?.seen ?? [],
      (seen) => seen.at(-1)?.status === 'BOUND',
    );
    await eventually(
      () => second?.seen ?? [],
      (seen) => seen.at(-1)?.status === 'FAILED',
    );
    expect(first?.seen.every(({ id }) => id === legal.id)).toBe(true);
    expect(second?.seen.every(({ id }) => id === signing.id)).toBe(true);
    first?.stop();
    second?.stop();
  });

  it('reaches everybody who listens, on either process', async () => {
    const { id } = await bind(near, withPapers(), { token });
    const others = [near, far, far].map((server) => subscriber(server, { token }));
    const watching = [listener, ...others].map((each) => each.watch(id));
    await eventually(
      () => watching,
      (all) => all.every(({ seen }) => seen.at(-1)?.status === 'BOUND'),
    );
    await Promise.all(others.map((other) => other.close()));
  });

  it('speaks the language that the connection asked for', async () => {
    const { id } = await bind(near, legalPerson(), { token });
    const english = subscriber(far, { token, 'accept-language': 'en' });
    const watching = english.watch(id);
    await eventually(
      () => watching.seen,
      (seen) => seen.length === 1,
    );
    expect(watching.seen[0].text).toBe('A code was sent; please enter it.');
    await english.close();
  });

  it('of one who listens anew tells the present state', async () => {
    const { id, signingUrl } = await bind(near, signingOnline(), { token });
    await decide(signingUrl, 'sign');
    await eventually(
      () => bindingOf(near, id, token),
      (binding) => binding.status === 'BOUND',
    );
    const watching = listener.watch(id);
    await eventually(
      () => watching.seen,
      (seen) => seen.length === 1,
    );
    expect(watching.seen[0].status).toBe('BOUND');
    watching.stop();
  });

  it("of someone else's binding, or of none, is NOT_FOUND", async () => {
    const { id, memberId } = await bind(near, legalPerson(), { token });
    const bob = subscriber(far, { token: await near.token({ role: 'user', sub: 'bob' }) });
    for (const watching of [
      bob.watch(id),
      bob.watch('0192f0c1-2345-7abc-8def-0123456789ab'),
      bob.watch('x'),
    ]) {
      expect(await watching.ended).toEqual({ completed: true });
      expect(watching.seen).toMatchObject([{ errors: [{ extensions: { code: 'NOT_FOUND' } }] }]);
      expect(JSON.stringify(watching.seen)).not.toContain(memberId);
    }
    await bob.close();
  });

  it('frees what it held when clients stop listening, or just leave', async () => {
    const { id, signingUrl } = await bind(near, signingOnline(), { token });
    for (let round = 0; round < 60; round += 1) {
      const watching = listener.watch(id);
      await eventually(
        () => watching.seen,
        (seen) => seen.length === 1,
      );
      watching.stop();
      // Another goes before it is even answered.
      listener.watch(id).stop();
    }
    for (let round = 0; round < 10; round += 1) {
      const passer = subscriber(far, { token });
      const all = Array.from({ length: 20 }, () => passer.watch(id));
      await eventually(
        () => all,
        (each) => each.every(({ seen }) => seen.length === 1),
      );
      await passer.close();
    }
    // The connection's limit of 20 would have been used up long ago.
    const last = listener.watch(id);
    await eventually(
      () => last.seen,
      (seen) => seen.length === 1,
    );
    await decide(signingUrl, 'sign');
    await eventually(
      () => last.seen,
      (seen) => seen.at(-1)?.status === 'BOUND',
    );
    expect(last.seen).toHaveLength(2);
    last.stop();
  });
});
