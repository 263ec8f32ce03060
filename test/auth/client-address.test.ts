// Where a request comes from is the socket's address, or what our own proxies say; nobody writes his own.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientAddress, networkOf, noProxies, readProxies } from '../../src/auth/client-address.js';
import { subscriber } from '../phone-binding/subscriber.js';
import { auditRecords } from '../support/audit.js';
import { type BareServer, startBareServer } from '../support/bare-server.js';
import { eventually } from '../support/eventually.js';
import { postJson, rawRequest } from '../support/raw-request.js';
import { startServer, type TestServer } from '../support/server.js';

const proxies = (list: string) => {
  const read = readProxies(list);
  if (!read) throw new Error(`${list} was not read`);
  return read;
};

describe('the list of proxies', () => {
  it.each([
    ['10.0.0.0/8', ['10.0.0.1', '10.255.255.255', '::ffff:10.1.2.3'], ['11.0.0.1', '9.255.255.255', '::1']],
    ['192.0.2.7', ['192.0.2.7'], ['192.0.2.8']],
    ['192.0.2.7 , 2001:db8::/32', ['192.0.2.7', '2001:DB8:0:0::1'], ['2001:db9::1']],
    ['fc00::/7', ['fd00::1'], ['fe80::1', '192.0.2.1']],
    ['::1', ['::1', '0:0:0:0:0:0:0:1'], ['127.0.0.1']],
    // These would hold every address of IPv4, dressed up as IPv6.
    ['::/7', ['::2'], ['192.0.2.1', '::ffff:192.0.2.1']],
  ])('%s holds %j and not %j', (list, held, others) => {
    const isProxy = proxies(list);
    expect(held.filter((address) => !isProxy(address))).toEqual([]);
    expect(others.filter((address) => isProxy(address))).toEqual([]);
    expect(['', 'unknown', 'x', '*'].filter((address) => isProxy(address))).toEqual([]);
  });

  it.each([
    ...['*', 'true', 'all', 'loopback', '10.0.0', 'x', '', '10.0.0.1,', '10.0.0.1,,10.0.0.2'],
    ...['0.0.0.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1', '10.0.0.0/7', '2000::/3', '::ffff:0:0/96'],
    ...['10.0.0.0/33', '::1/129', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/8.5', '10.0.0.0/', '[::1]:80'],
  ])('%j is none', (list) => {
    expect(readProxies(list)).toBeNull();
  });
});

describe('the address of a client', () => {
  const isProxy = proxies('10.0.0.0/8,2001:db8::/32');

  it.each([
    ['without a header', '192.0.2.1', undefined, '192.0.2.1'],
    ['of IPv4 dressed up as IPv6', '::ffff:192.0.2.1', undefined, '192.0.2.1'],
    ['that calls itself another', '192.0.2.1', '198.51.100.9', '192.0.2.1'],
    ['that calls itself a proxy', '192.0.2.1', '198.51.100.9, 10.0.0.1', '192.0.2.1'],
    ['behind a proxy', '10.0.0.1', '198.51.100.9', '198.51.100.9'],
    ['behind a proxy, in IPv6', '2001:db8::1', '2001:DB9:0::00FF', '2001:db9::ff'],
    ['behind a proxy that is seen as IPv6', '::ffff:10.0.0.1', '198.51.100.9', '198.51.100.9'],
    ['behind three', '10.0.0.1', '198.51.100.9, 10.0.0.3, 10.0.0.2', '198.51.100.9'],
    [
      'that made up what stands before',
      '10.0.0.1',
      '1.1.1.1, 2.2.2.2, 198.51.100.9, 10.0.0.2',
      '198.51.100.9',
    ],
    ['that made up a proxy before', '10.0.0.1', '10.0.0.9, 198.51.100.9', '198.51.100.9'],
    ['that is a proxy itself', '10.0.0.1', '10.0.0.2', '10.0.0.2'],
    ['behind a proxy that says nothing', '10.0.0.1', '', '10.0.0.1'],
    ['behind a proxy that says nonsense', '10.0.0.1', 'nonsense', '10.0.0.1'],
    ['behind two, one of which says nonsense', '10.0.0.1', '198.51.100.9, nonsense, 10.0.0.2', '10.0.0.2'],
    ['with a port', '10.0.0.1', '198.51.100.9:4711', '198.51.100.9'],
    ['with brackets and a port', '10.0.0.1', '[2001:db9::1]:4711', '2001:db9::1'],
    ['with a zone', '10.0.0.1', 'fe80::1%eth0', 'fe80::1'],
    ['in octal', '10.0.0.1', '0300.0.2.1', '10.0.0.1'],
    ['that is gone', undefined, undefined, 'unknown'],
    ['that is gone and said something', undefined, '198.51.100.9', 'unknown'],
  ])('%s', (_, peer, forwardedFor, address) => {
    expect(clientAddress(peer, forwardedFor, isProxy)).toBe(address);
  });

  it('is the peer where no proxy is listed, whatever is said', () => {
    expect(clientAddress('127.0.0.1', '198.51.100.9', noProxies)).toBe('127.0.0.1');
  });

  it('takes no time to find in a header as long as headers may be', () => {
    const began = performance.now();
    const hops = '10.0.0.1,'.repeat(1_800);
    expect(clientAddress('10.0.0.1', `198.51.100.9,${hops}10.0.0.1`, isProxy)).toBe('198.51.100.9');
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it.each([
    ['198.51.100.9', '198.51.100.9'],
    ['2001:db9::1', '2001:db9:0:0::/64'],
    ['2001:db9:0:0:ffff::1', '2001:db9:0:0::/64'],
    ['2001:db9:0:1::1', '2001:db9:0:1::/64'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
    ['::1', '0:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s lies in the network %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

const ask = '{"query":"{ address }"}';

describe('over HTTP and WebSocket', () => {
  let trusting: BareServer;
  let plain: BareServer;
  beforeAll(async () => {
    trusting = await startBareServer({ isProxy: proxies('127.0.0.1') });
    plain = await startBareServer();
  });
  afterAll(async () => {
    await trusting?.stop();
    await plain?.stop();
  });

  const overHttp = async ({ url }: BareServer, headers: Record<string, string>) =>
    JSON.parse((await postJson(url, ask, headers)).text).data.address;
  const overWebSocket = async (server: BareServer, headers: Record<string, string>) => {
    const listener = subscriber(server, { token: 'token-a' }, headers);
    const { seen } = listener.ask('subscription { address }');
    await eventually(
      () => seen,
      ({ length }) => length === 1,
    );
    await listener.close();
    return seen[0];
  };

  it.each([
    ['HTTP', overHttp],
    ['WebSocket', overWebSocket],
  ])('%s: a listed proxy is believed, anybody else is not', async (_, read) => {
    const said = { 'x-forwarded-for': '1.1.1.1, 198.51.100.9' };
    expect(await read(trusting, said)).toBe('198.51.100.9');
    expect(await read(plain, said)).toBe('127.0.0.1');
    for (const name of ['forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip']) {
      expect(await read(trusting, { [name]: name === 'forwarded' ? 'for=1.1.1.1' : '1.1.1.1' })).toBe(
        '127.0.0.1',
      );
    }
  });

  it('several headers count as one, in their order', async () => {
    const { hostname, port } = new URL(trusting.url);
    const answer = await rawRequest(`http://${hostname}:${port}/graphql`, {
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': ['1.1.1.1', '198.51.100.9'] as never,
      },
      body: ask,
    });
    expect(JSON.parse(answer.text).data.address).toBe('198.51.100.9');
  });

  it('what a proxy says of host and scheme changes nothing', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    expect(await overHttp(trusting, headers)).toBe('127.0.0.1');
  });
});

describe('TRUSTED_PROXIES', () => {
  it('decides how many sources forged notices count for', async () => {
    const forge = ({ url }: TestServer, from: string) =>
      fetch(`${url}/webhooks/tongqifu/phone-binding`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': from },
        body: 'sign=forged',
      });
    const sources = async (env: Record<string, string>) => {
      const server = await startServer({ env });
      for (const from of ['198.51.100.1', '198.51.100.2', '203.0.113.1', '2001:db9::1', '2001:db9::2'])
        await forge(server, from);
      const { length } = await auditRecords(server, { kind: 'WEBHOOK' });
      const output = server.output();
      await server.stop();
      return { length, warned: output.split('TRUSTED_PROXIES does not list').length - 1 };
    };
    expect(await sources({})).toEqual({ length: 1, warned: 1 });
    expect(await sources({ TRUSTED_PROXIES: '127.0.0.1' })).toEqual({ length: 3, warned: 0 });
  });
});
