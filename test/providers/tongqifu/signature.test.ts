// Signatures of all three kinds: the known vectors, agreement with OpenSSL's command line in both directions, and
// the refusal of whatever is not exactly one signature by one key over one text.
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type SigningKeys, type Sm2Keys, sign, verify } from '../../../src/providers/tongqifu/signature.js';
import { type Parameter, textToSign, textToVerify } from '../../../src/providers/tongqifu/signed-text.js';
import { readSm2PrivateKey, readSm2PublicKey } from '../../../src/providers/tongqifu/sm2.js';
import { platformKeys, settingsOf, signTypes } from './bench.js';

const merchantKeys = (signType: (typeof signTypes)[number], more: Record<string, string> = {}) =>
  settingsOf({ TONGQIFU_SIGN_TYPE: signType, ...more }).keys;

describe('the known vectors', () => {
  const application: Record<string, string | null> = {
    version: '1.0',
    serialNo: 'S1',
    signType: 'MD5',
    reqTime: '1700000000000',
    phoneType: '2',
    phone: '13800000000',
    notifyUrl: 'https://example.com/n',
    mchNo: 'E240000000001',
    jumpUrl: 'https://example.com/j',
    chanNo: 'yunst2isv',
    bizUserId: 'U1',
    authPerInfo: '{"authPerType":"1","authPerName":"测试","authPerIdNo":"00","authPerIdType":"1"}',
    appId: '0123456789abcdef01234567',
    orgId: '',
    extParam: null,
    sign: 'is not signed',
  };

  it('signs an application', () => {
    const text = textToSign(Object.entries(application));
    expect(text).toBe(
      'appId=0123456789abcdef01234567&authPerInfo={"authPerType":"1","authPerName":"测试","authPerIdNo":"00","authPerIdType":"1"}&bizUserId=U1&chanNo=yunst2isv&jumpUrl=https://example.com/j&mchNo=E240000000001&notifyUrl=https://example.com/n&phone=13800000000&phoneType=2&reqTime=1700000000000&serialNo=S1&signType=MD5&version=1.0',
    );
    expect(sign(text, { signType: 'MD5', key: 'testkey' })).toBe('9DCFF9C6B5233522101906B52C093C7B');
  });

  it("signs an answer's data", () => {
    const text = textToSign(Object.entries({ bizUserId: 'U1', applyRespTraceNum: 'R1' }));
    expect(sign(text, { signType: 'MD5', key: 'testkey' })).toBe('790F3AA7BD1A766EE1FD9CC415208AD2');
  });

  it('does not follow the published vector, which is wrong', () => {
    const text =
      'amount=10000&clientIp=192.168.0.111&mchOrderNo=P0123456789101&notifyUrl=https://www.baidu.com&platId=1000&reqTime=20190723141000&returnUrl=https://www.baidu.com&version=1.0';
    const keys = { signType: 'MD5', key: 'EWEFD123RGSRETYDFNGFGFGSHDFGH' } as const;
    expect(sign(text, keys)).toBe('84E1CA56F984502BBAC06EA6707157F5');
    expect(verify(text, '4A5078DABBCE0D9C4E7668DACB96FF7A', keys)).toBe(false);
  });
});

describe('the text to sign', () => {
  it('sorts names by their bytes', () => {
    const parameters = Object.entries({ a1: 'x', B: 'z', a: 'y' });
    expect(textToSign(parameters)).toBe('B=z&a=y&a1=x');
  });

  it('keeps 0 and false, and numbers as they were spelt', () => {
    expect(
      textToSign([
        ['a', '0'],
        ['b', 'false'],
        ['c', '1.10'],
      ]),
    ).toBe('a=0&b=false&c=1.10');
  });

  it.each(['', 'a[]', 'a.b', '__proto__', '1a', 'ä', 'a b', 'a'.repeat(65)])(
    'refuses the name %p',
    (name) => {
      expect(() => textToSign([[name, 'x']])).toThrow('a name');
    },
  );

  it('refuses a name that comes twice, also where one of them is empty', () => {
    expect(() =>
      textToSign([
        ['a', '1'],
        ['a', '1'],
      ]),
    ).toThrow('a repeated name');
    expect(() =>
      textToSign([
        ['a', '1'],
        ['a', ''],
      ]),
    ).toThrow('a repeated name');
  });

  it('refuses lone surrogates, which have no bytes of their own, and nothing at all', () => {
    expect(() => textToSign([['a', '\ud800']])).toThrow('not text');
    expect(() =>
      textToSign([
        ['sign', 'x'],
        ['b', ''],
      ]),
    ).toThrow('nothing to sign');
  });

  it('refuses to verify a value that could be read as two parameters', () => {
    const plain = new Set(['a']);
    const addresses = new Set(['link']);
    expect(() => textToVerify([['a', '1&b']], { plain })).toThrow('as two');
    expect(() => textToVerify([['a', '1=']], { plain })).toThrow('as two');
    expect(() => textToVerify([['x', '1&b=2']], { plain })).toThrow('as two');
    expect(
      textToVerify(
        [
          ['x', 'MTIz=='],
          ['link', 'https://x.test/?a=1&b=2'],
        ],
        { plain, addresses },
      ),
    ).toBe('link=https://x.test/?a=1&b=2&x=MTIz==');
  });

  it('stands for one set of parameters only', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'b', '=', '&', '1'), maxLength: 8 });
    const parameters = fc
      .dictionary(fc.constantFrom('a', 'b', 'ab', 'b1'), value, { maxKeys: 4 })
      .map((fields) => Object.entries(fields).filter(([, text]) => text !== ''));
    const textOf = (some: Parameter[]) => {
      try {
        return textToVerify(some, { plain: new Set() });
      } catch {
        return null;
      }
    };
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(parameters, (some) => {
        const text = textOf(some);
        if (text === null) return;
        const canonical = JSON.stringify(some.sort(([a], [b]) => (a < b ? -1 : 1)));
        expect(seen.get(text) ?? canonical).toBe(canonical);
        seen.set(text, canonical);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe.each(signTypes)('%s', (signType) => {
  const ours = merchantKeys(signType);
  const theirs = platformKeys(signType);

  it('verifies what the other side signed, both ways, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.string({ unit: 'grapheme', minLength: 1 }),
        (text, other) => {
          expect(verify(text, sign(text, ours), theirs)).toBe(true);
          expect(verify(text, sign(text, theirs), ours)).toBe(true);
          if (text !== other) expect(verify(other, sign(text, theirs), ours)).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses every signature with one character changed', () => {
    const text = 'a=1&b=2';
    const good = sign(text, theirs);
    for (let at = 0; at < good.length; at += 1) {
      for (const wrong of [good[at] === 'A' ? 'B' : 'A', ' ', '-', '']) {
        const changed = good.slice(0, at) + wrong + good.slice(at + 1);
        expect(verify(text, changed, ours)).toBe(false);
      }
    }
  });

  it.each(['', ' ', '=', 'AAAA', '0'.repeat(32), 'A'.repeat(88), '\u0000', '__proto__'])(
    'refuses %p',
    (signature) => expect(verify('a=1', signature, ours)).toBe(false),
  );

  it('refuses a signature of another kind', () => {
    for (const other of signTypes.filter((type) => type !== signType)) {
      expect(verify('a=1', sign('a=1', platformKeys(other)), ours)).toBe(false);
    }
  });
});

describe('MD5', () => {
  it('takes hex digits of either case', () => {
    const keys = platformKeys('MD5');
    expect(verify('a=1', sign('a=1', keys).toLowerCase(), keys)).toBe(true);
  });
});

describe.each(['RSA', 'SM2'] as const)('%s in Base64', (signType) => {
  it('is canonical: padded, one line, one alphabet', () => {
    const good = sign('a=1', platformKeys(signType));
    const ours = merchantKeys(signType);
    expect(verify('a=1', good, ours)).toBe(true);
    const spellings = [
      good.replace(/=+$/, ''),
      `${good}=`,
      `${good}\n`,
      ` ${good}`,
      `${good.slice(0, 40)}\n${good.slice(40)}`,
      good.replace(/==$/, (end) => end),
      nextWithSameBytes(good),
      Buffer.from(good, 'base64').toString('hex'),
    ].filter((spelling) => spelling !== good);
    for (const spelling of spellings) expect(verify('a=1', spelling, ours)).toBe(false);
    expect(spellings.length).toBeGreaterThanOrEqual(6);
  });

  /** Stray bits before the padding: Node reads the same bytes. */
  function nextWithSameBytes(base64: string): string {
    const at = base64.search(/=+$/) - 1;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const other = alphabet[alphabet.indexOf(base64[at] ?? '') + 1] ?? '';
    const changed = base64.slice(0, at) + other + base64.slice(at + 1);
    expect(Buffer.from(changed, 'base64')).toEqual(Buffer.from(base64, 'base64'));
    return changed;
  }
});

describe('SM2', () => {
  const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
  const ours = merchantKeys('SM2') as Sm2Keys;
  const good = Buffer.from(sign('a=1', platformKeys('SM2')), 'base64');
  const r = BigInt(`0x${good.subarray(0, 32).toString('hex')}`);
  const s = BigInt(`0x${good.subarray(32).toString('hex')}`);
  const raw = (a: bigint, b: bigint) =>
    Buffer.from(a.toString(16).padStart(64, '0') + b.toString(16).padStart(64, '0'), 'hex').toString(
      'base64',
    );

  it.each<[string, bigint, bigint]>([
    ['r is zero', 0n, s],
    ['s is zero', r, 0n],
    ['both are zero', 0n, 0n],
    ['r is n', ORDER, s],
    ['s is n', r, ORDER],
    ['r+s is n', r, ORDER - r],
    // In ECDSA n−s would be a second valid signature; SM2 has none.
    ['s is n−s', r, ORDER - s],
    ['r is n−r', ORDER - r, s],
    ['both are turned', ORDER - r, ORDER - s],
    ['they are exchanged', s, r],
    ['r is above n', (1n << 256n) - 1n, s],
  ])('refuses a signature where %s', (_, a, b) => {
    expect(verify('a=1', raw(r, s), ours)).toBe(true);
    expect(verify('a=1', raw(a, b), ours)).toBe(false);
  });

  it('takes raw where raw is configured and DER where DER is, and only strict DER', () => {
    const der = sign('a=1', { ...(platformKeys('SM2') as Sm2Keys), encoding: 'der' });
    const wantsDer: Sm2Keys = { ...ours, encoding: 'der' };
    expect(verify('a=1', der, wantsDer)).toBe(true);
    expect(verify('a=1', der, ours)).toBe(false);
    expect(verify('a=1', raw(r, s), wantsDer)).toBe(false);
    const bytes = Buffer.from(der, 'base64');
    const length = bytes[1] ?? 0;
    const notDer = [
      Buffer.concat([bytes, Buffer.from([0])]),
      Buffer.concat([Buffer.from([0x30, 0x81, length]), bytes.subarray(2)]),
      Buffer.concat([Buffer.from([0x30, length + 1, 0x02, (bytes[3] ?? 0) + 1, 0]), bytes.subarray(4)]),
      bytes.subarray(0, -1),
      Buffer.from([0x30, 0]),
      Buffer.from([0x30, 6, 2, 1, 0, 2, 1, 0]),
    ];
    for (const wrong of notDer) expect(verify('a=1', wrong.toString('base64'), wantsDer)).toBe(false);
  });

  it('binds the user id, which is never empty', () => {
    expect(verify('a=1', raw(r, s), { ...ours, theirId: 'allinpay' })).toBe(false);
    expect(() => sign('a=1', { ...ours, ownId: '' })).toThrow('user id');
    expect(() => verify('a=1', raw(r, s), { ...ours, theirId: '' })).toThrow('user id');
  });

  it('does not read keys that are off the curve, zero or out of range', () => {
    const point = ours.theirs.point.toString('hex');
    const offCurve =
      point.slice(0, -2) + ((Number.parseInt(point.slice(-2), 16) ^ 1) + 256).toString(16).slice(1);
    const p = 'fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff';
    for (const wrong of [
      offCurve,
      `04${'0'.repeat(128)}`,
      '00',
      '',
      `04${p}${p}`,
      point.slice(0, -2),
      `05${point.slice(2)}`,
    ]) {
      expect(() => readSm2PublicKey(wrong)).toThrow();
    }
    const spki = `3059301306072a8648ce3d020106082a811ccf5501822d034200${offCurve}`;
    expect(() => readSm2PublicKey(Buffer.from(spki, 'hex').toString('base64'))).toThrow();
    for (const number of [0n, ORDER - 1n, ORDER, ORDER + 1n]) {
      expect(() => readSm2PrivateKey(number.toString(16).padStart(64, '0'))).toThrow();
    }
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    expect(() => readSm2PublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString())).toThrow(
      'SM2',
    );
    expect(() => readSm2PrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toThrow(
      'SM2',
    );
  });

  it('reads a key in every form that it comes in', () => {
    const { key, point, privateKey } = ours.own;
    const hex = point.toString('hex');
    const compressed = (Number.parseInt(hex.slice(-1), 16) & 1 ? '03' : '02') + hex.slice(2, 66);
    const spki = key.export({ format: 'der', type: 'spki' }).toString('base64');
    const pem = key.export({ format: 'pem', type: 'spki' }).toString();
    for (const form of [
      hex,
      hex.slice(2).toUpperCase(),
      compressed,
      spki,
      pem,
      pem.replaceAll('\n', '\\n'),
    ]) {
      expect(readSm2PublicKey(form).point.toString('hex')).toBe(hex);
    }
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    expect(readSm2PrivateKey(pkcs8.toString('base64')).point).toEqual(point);
    expect(readSm2PrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()).point).toEqual(
      point,
    );
    // Without the point inside, and with somebody else's.
    const number = /0201010420([0-9a-f]{64})/.exec(pkcs8.toString('hex'))?.[1] ?? '';
    const short = `3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420${number}`;
    expect(readSm2PrivateKey(Buffer.from(short, 'hex').toString('base64')).point).toEqual(point);
    const foreign = pkcs8.toString('hex').replace(hex, ours.theirs.point.toString('hex'));
    expect(readSm2PrivateKey(Buffer.from(foreign, 'hex').toString('base64')).point).toEqual(point);
  });
});

describe("OpenSSL's command line", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tongqifu-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const openssl = (...options: string[]) =>
    execFileSync('openssl', options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const pemOf = (keys: Exclude<SigningKeys, { signType: 'MD5' }>) => {
    const [own, theirs] =
      keys.signType === 'RSA' ? [keys.own, keys.theirs] : [keys.own.privateKey, keys.theirs.key];
    return {
      own: file('own.pem', own.export({ format: 'pem', type: 'pkcs8' })),
      theirs: file('theirs.pem', theirs.export({ format: 'pem', type: 'spki' })),
    };
  };
  const texts = ['a=1', 'authPerName=测试&b=https://x.test/?q=1&c=🙂', 'x'.repeat(5_000)];

  it.each(texts)('agrees on MD5', (text) => {
    const path = file('text', `${text}&key=k`);
    const digest = openssl('dgst', '-md5', '-r', path).toString().slice(0, 32).toUpperCase();
    expect(sign(text, { signType: 'MD5', key: 'k' })).toBe(digest);
  });

  it.each(texts.flatMap((text) => (['sha1', 'sha256'] as const).map((digest) => ({ text, digest }))))(
    'agrees on RSA with $digest, both ways',
    ({ text, digest }) => {
      const ours = merchantKeys('RSA', { TONGQIFU_RSA_DIGEST: digest });
      const platform = { ...platformKeys('RSA'), digest } as Exclude<SigningKeys, { signType: 'MD5' }>;
      const pem = pemOf(platform);
      const path = file('text', text);
      const theirs = openssl('dgst', `-${digest}`, '-sign', pem.own, path).toString('base64');
      expect(verify(text, theirs, ours)).toBe(true);
      const signature = file('signature', Buffer.from(sign(text, ours), 'base64'));
      const said = openssl('dgst', `-${digest}`, '-verify', pem.theirs, '-signature', signature, path);
      expect(said.toString()).toContain('Verified OK');
    },
  );

  it.each(texts.flatMap((text) => (['raw', 'der'] as const).map((encoding) => ({ text, encoding }))))(
    'agrees on SM2 in $encoding, both ways',
    ({ text, encoding }) => {
      const ours = merchantKeys('SM2', { TONGQIFU_SM2_ENCODING: encoding }) as Sm2Keys;
      const pem = pemOf({ ...(platformKeys('SM2') as Sm2Keys), encoding });
      const path = file('text', text);
      const options = (id: string) => ['-rawin', '-digest', 'sm3', '-in', path, '-pkeyopt', `distid:${id}`];
      const out = join(folder, 'out');
      openssl('pkeyutl', '-sign', '-inkey', pem.own, ...options('Allinpay'), '-out', out);
      const der = readFileSync(out);
      expect(verify(text, (encoding === 'der' ? der : rawOf(der)).toString('base64'), ours)).toBe(true);

      const bytes = Buffer.from(sign(text, ours), 'base64');
      const signature = file('signature', encoding === 'der' ? bytes : derOf(bytes));
      const check = ['pkeyutl', '-verify', '-pubin', '-inkey', pem.theirs, '-sigfile', signature];
      expect(openssl(...check, ...options(ours.ownId)).toString()).toContain('Verified Successfully');
      expect(() => openssl(...check, ...options('1234567812345678'))).toThrow();
    },
  );

  /** By OpenSSL's own reading of DER, not ours. */
  function rawOf(der: Buffer): Buffer {
    const parsed = openssl('asn1parse', '-inform', 'DER', '-in', file('der', der)).toString();
    const numbers = [...parsed.matchAll(/INTEGER\s+:([0-9A-F]+)/g)].map(([, hex = '']) =>
      hex.padStart(64, '0'),
    );
    return Buffer.from(numbers.join(''), 'hex');
  }

  function derOf(raw: Buffer): Buffer {
    const [r, s] = [raw.subarray(0, 32), raw.subarray(32)].map((part) => part.toString('hex'));
    const config = file('der.cnf', `asn1=SEQUENCE:two\n[two]\nr=INTEGER:0x${r}\ns=INTEGER:0x${s}\n`);
    const out = join(folder, 'made.der');
    openssl('asn1parse', '-genconf', config, '-noout', '-out', out);
    return readFileSync(out);
  }

  it('reads the keys that it makes', () => {
    for (const [kind, options] of [
      ['RSA', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
      ['SM2', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:SM2']],
    ] as const) {
      const pem = openssl(...options).toString();
      const path = file('made.pem', pem);
      const spki = openssl('pkey', '-in', path, '-pubout', '-outform', 'DER').toString('base64');
      const pkcs8 = openssl('pkcs8', '-topk8', '-nocrypt', '-in', path, '-outform', 'DER').toString('base64');
      for (const own of [pem, pkcs8]) {
        const keys = merchantKeys(kind, {
          [`TONGQIFU_${kind}_PRIVATE_KEY`]: own,
          [`TONGQIFU_${kind}_PLATFORM_KEY`]: spki,
          ...(kind === 'SM2' ? { TONGQIFU_SM2_SIGNING_ID: 'Allinpay' } : {}),
        });
        expect(verify('a=1', sign('a=1', keys), keys)).toBe(true);
      }
    }
  });

  it('has the same Z as the standard: the digest that is signed is SM3(Z‖M)', () => {
    // Annex A of GB/T 32918.5: the test key on the recommended curve, id 1234567812345678, message "message digest".
    const key = readSm2PrivateKey('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8');
    expect(key.point.toString('hex')).toBe(
      '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
    );
    const signature = Buffer.from(
      'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
      'hex',
    );
    const keys: Sm2Keys = {
      signType: 'SM2',
      own: key,
      theirs: key,
      ownId: '1234567812345678',
      theirId: '1234567812345678',
      encoding: 'raw',
    };
    expect(verify('message digest', signature.toString('base64'), keys)).toBe(true);
    expect(createHash('sm3').update('abc').digest('hex')).toBe(
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    );
    expect(createPrivateKey(key.privateKey.export({ format: 'pem', type: 'pkcs8' }))).toBeDefined();
  });
});
