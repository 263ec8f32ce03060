// What the tests of 通企付 share: settings as configuration makes them, the sandbox's platform side of the keys,
// a sandbox on a real port with a door for notices, and raw requests to it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { openLine } from '../../../src/pipeline/call.js';
import { type TongqifuSettings, tongqifu } from '../../../src/providers/tongqifu/index.js';
import { readRsaPrivateKey, readRsaPublicKey } from '../../../src/providers/tongqifu/rsa.js';
import { sandboxKeys } from '../../../src/providers/tongqifu/sandbox-keys.js';
import { type SigningKeys, type SignType, sign } from '../../../src/providers/tongqifu/signature.js';
import { textToSign } from '../../../src/providers/tongqifu/signed-text.js';
import { readSm2PrivateKey, readSm2PublicKey } from '../../../src/providers/tongqifu/sm2.js';
import { startSandbox } from '../../../src/sandbox/server.js';

export const signTypes = ['MD5', 'RSA', 'SM2'] as const;

/** Settings as the server's start makes them. */
export function settingsOf(
  variables: Record<string, string> = {},
  around: { production?: boolean; sandboxUrl?: string } = {},
): TongqifuSettings {
  const faults: string[] = [];
  const settings = tongqifu.configure(
    tongqifu.environment.parse(variables),
    {
      production: around.production ?? false,
      sandboxUrl: around.production ? undefined : (around.sandboxUrl ?? 'http://127.0.0.1:9/tongqifu'),
    },
    faults,
  );
  if (!settings || faults.length > 0) throw new Error(faults.join('\n'));
  return settings;
}

/** The faults that a start with these variables names. */
export function faultsOf(variables: Record<string, string>, production = true): string[] {
  const faults: string[] = [];
  const read = tongqifu.environment.safeParse(variables);
  if (!read.success) return read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  const sandboxUrl = production ? undefined : 'http://127.0.0.1:9/tongqifu';
  tongqifu.configure(read.data, { production, sandboxUrl }, faults);
  return faults;
}

const { md5Key, appId, rsa, sm2 } = sandboxKeys;

/** The platform's own keys, to sign what it would send; made here and not taken from the simulator. */
export function platformKeys(signType: SignType): SigningKeys {
  switch (signType) {
    case 'MD5':
      return { signType, key: md5Key };
    case 'RSA':
      return {
        signType,
        own: readRsaPrivateKey(rsa.platformPrivate),
        theirs: readRsaPublicKey(rsa.merchantPublic),
        digest: 'sha1',
      };
    case 'SM2':
      return {
        signType,
        own: readSm2PrivateKey(sm2.platformPrivate),
        theirs: readSm2PublicKey(sm2.merchantPublic),
        ownId: 'Allinpay',
        theirId: appId,
        encoding: 'raw',
      };
  }
}

export const requestId = '0192f0c1-2345-7abc-8def-0123456789ab';
export const serialNo = '0192f0c123457abc8def0123456789ab';

/** Fields of a notice as the platform would send it, without its signature. */
export function noticeFields(more: Record<string, string> = {}): Record<string, string> {
  return {
    mchNo: sandboxKeys.mchNo,
    appId,
    orgId: '',
    signType: 'MD5',
    bizUserId: 'U1',
    chanNo: 'yunst2isv',
    phone: '13800000000',
    reqTraceNum: serialNo,
    bindResult: '1',
    extParam: '',
    ...more,
  };
}

export function signedBy(keys: SigningKeys, fields: Record<string, string>): Record<string, string> {
  return { ...fields, sign: sign(textToSign(Object.entries(fields)), keys) };
}

export const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';

export function formBody(fields: Record<string, string>): Buffer {
  return Buffer.from(new URLSearchParams(fields).toString());
}

export interface Message {
  phone: string;
  code: string;
  text: string;
}

/** A sandbox and, as the merchant's server would be, a door that keeps the notices it gets. */
export async function startBench() {
  const sandbox = await startSandbox({ production: false, host: '127.0.0.1', port: 0 }, [tongqifu]);
  const notices: { body: Buffer; contentType: string; at: number }[] = [];
  const door = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { url = '', headers } = request;
    if (url.startsWith('/notice')) {
      notices.push({
        body: Buffer.concat(chunks),
        contentType: headers['content-type'] ?? '',
        at: Date.now(),
      });
    }
    response.end('success');
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const doorUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  const base = `${sandbox.url}/tongqifu`;
  const settings = (variables: Record<string, string> = {}) => settingsOf(variables, { sandboxUrl: base });
  const readJson = async (path: string) => (await fetch(`${sandbox.url}${path}`)).json();
  return {
    base,
    notifyUrl: `${doorUrl}/notice`,
    jumpUrl: `${doorUrl}/return?from=test#/done`,
    notices,
    settings,
    /** One call over real HTTP, on a line of its own: a scenario's breakage must not open another's breaker. */
    async call<Operation extends keyof typeof tongqifu.operations>(
      name: Operation,
      input: Parameters<(typeof tongqifu.operations)[Operation]['request']>[0],
      variables: Record<string, string> = {},
      id = uuidv7(),
    ) {
      const line = openLine(tongqifu, settings(variables));
      try {
        // biome-ignore lint/suspicious/noExplicitAny: either operation goes with its own input, as the signature says
        return await line.call(tongqifu.operations[name] as any, input, { requestId: id });
      } finally {
        await line.close();
      }
    },
    async raw(path: string, body: string, contentType = 'application/json') {
      const response = await fetch(base + path, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body,
      });
      return (await response.json()) as {
        code: number | string;
        msg: string;
        sign?: string;
        data?: Record<string, string>;
      };
    },
    inbox: async (phone: string) => (await readJson(`/inbox?${new URLSearchParams({ phone })}`)) as Message[],
    calls: async (phone: string) =>
      (await readJson(`/calls?${new URLSearchParams({ phone })}`)) as { operation: string }[],
    /** The notices about a member, once there are so many. */
    async noticesOf(memberId: string, count = 1, withinMs = 4_000) {
      const since = Date.now();
      for (;;) {
        const found = notices.filter(({ body }) =>
          new URLSearchParams(body.toString()).getAll('bizUserId').includes(memberId),
        );
        if (found.length >= count) return found;
        if (Date.now() - since > withinMs) throw new Error(`${found.length} of ${count} notices`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async close() {
      await sandbox.close();
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
    },
  };
}
export type Bench = Awaited<ReturnType<typeof startBench>>;
