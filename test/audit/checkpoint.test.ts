// A checkpoint reads as it was signed, and as nothing else: whatever is altered, it shows.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { checkpointStates, readCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.js';
import { readStatement, signStatement } from '../../src/audit/signed-statement.js';
import {
  keyIdOf,
  readPrivateKey,
  readPublicKeys,
  signingKeys,
  trustedKeys,
} from '../../src/audit/signing-keys.js';

const pair = () => generateKeyPairSync('ed25519');
const { privateKey, publicKey } = pair();
const keys = signingKeys(privateKey);

const checkpoint = fc.record({
  chain: fc.uuid({ version: 7 }),
  serial: fc.nat(),
  position: fc.nat(),
  hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  at: fc
    .date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  state: fc.constantFrom(...checkpointStates),
});

describe('a checkpoint', () => {
  it('reads as it was signed, on one line of canonical JSON', () => {
    fc.assert(
      fc.property(checkpoint, (body) => {
        const statement = signCheckpoint(body, keys);
        expect(statement).not.toContain('\n');
        expect(statement).toBe(canonicalize(JSON.parse(statement)));
        expect(readCheckpoint(statement, keys.trusted)).toEqual({
          checkpoint: { ...body, key: keys.keyId },
        });
      }),
    );
  });

  it('is refused where any member is that of another one', () => {
    const member = fc.constantFrom('chain', 'serial', 'position', 'hash', 'at', 'state', 'signature');
    fc.assert(
      fc.property(checkpoint, checkpoint, member, (one, other, name) => {
        const statement = JSON.parse(signCheckpoint(one, keys));
        const taken = JSON.parse(signCheckpoint(other, keys))[name];
        fc.pre(statement[name] !== taken);
        const altered = canonicalize({ ...statement, [name]: taken }) ?? '';
        expect(readCheckpoint(altered, keys.trusted)).toEqual({ fault: 'BAD_SIGNATURE' });
      }),
    );
  });

  it('is refused where any one character is another one, missing or one more', () => {
    const character = fc.string({ minLength: 0, maxLength: 2, unit: 'binary-ascii' });
    fc.assert(
      fc.property(checkpoint, fc.nat(), fc.nat({ max: 1 }), character, (body, where, cut, put) => {
        const statement = signCheckpoint(body, keys);
        const at = where % statement.length;
        const altered = statement.slice(0, at) + put + statement.slice(at + cut);
        fc.pre(altered !== statement);
        expect(readCheckpoint(altered, keys.trusted)).toHaveProperty('fault');
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused in another spelling of its signature', () => {
    const statement = signCheckpoint(fc.sample(checkpoint, 1)[0] as never, keys);
    const { signature } = JSON.parse(statement);
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = letters.indexOf(signature.at(-1));
    const other = signature.slice(0, -1) + letters[last + 1];
    expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(signature, 'base64url'));
    const altered = statement.replace(signature, other);
    expect(readCheckpoint(altered, keys.trusted)).toEqual({ fault: 'BAD_SIGNATURE' });
  });

  it('is refused where it is signed with a key that is not trusted, also under the name of one that is', () => {
    fc.assert(
      fc.property(checkpoint, (body) => {
        const stranger = signingKeys(pair().privateKey);
        const statement = signCheckpoint(body, stranger);
        expect(readCheckpoint(statement, keys.trusted)).toEqual({ fault: 'UNKNOWN_KEY' });
        const posing = signCheckpoint(body, { ...stranger, keyId: keys.keyId });
        expect(readCheckpoint(posing, keys.trusted)).toEqual({ fault: 'BAD_SIGNATURE' });
      }),
      { numRuns: 20 },
    );
  });

  it('is refused where what was signed has another shape, or is a statement about something else', () => {
    const [body] = fc.sample(checkpoint, 1);
    const facts = { ...body };
    expect(readCheckpoint(signStatement('checkpoint', facts, keys), keys.trusted)).toHaveProperty(
      'checkpoint',
    );
    for (const wrong of [
      { ...facts, serial: -1 },
      { ...facts, position: 1.5 },
      { ...facts, state: 'DONE' },
      { ...facts, hash: 'ff' },
      { ...facts, more: 1 },
      { ...facts, at: undefined },
    ]) {
      const statement = signStatement('checkpoint', wrong, keys);
      expect(readCheckpoint(statement, keys.trusted)).toEqual({ fault: 'NOT_A_STATEMENT' });
    }
    const other = signStatement('dropped month', facts, keys);
    expect(readCheckpoint(other, keys.trusted)).toEqual({ fault: 'BAD_SIGNATURE' });
    expect(readStatement('dropped month', other, keys.trusted)).toHaveProperty('facts');
  });

  it('is never found in junk, which never throws', () => {
    const refused = (text: string) =>
      expect(readCheckpoint(text, keys.trusted)).toEqual({ fault: expect.any(String) });
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), refused));
    fc.assert(fc.property(fc.json(), refused));
    const member = fc.oneof(fc.jsonValue(), fc.constantFrom(keys.keyId, '__proto__'));
    const almost = fc.dictionary(fc.constantFrom('key', 'signature', '__proto__', 'toJSON', 'at'), member);
    fc.assert(
      fc.property(
        almost.map((value) => canonicalize(value) ?? ''),
        refused,
      ),
    );
    for (const text of ['', 'null', '[]', '{}', '"\\ud800"', '['.repeat(60_000), 'x'.repeat(1e6)])
      refused(text);
    const lone = `{"a":"\\ud800","key":"${keys.keyId}","signature":""}`;
    refused(lone);
  });
});

describe('the keys', () => {
  it('are known by the first 16 hex digits of SHA-256 over the raw public key', () => {
    // The first public key of RFC 8032, section 7.1.
    const raw = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
    expect(keyIdOf(createPublicKey({ key: jwk, format: 'jwk' }))).toBe('21fe31dfa154a261');
  });

  it('that signed before stay trusted', () => {
    const next = signingKeys(pair().privateKey, [publicKey]);
    const [body] = fc.sample(checkpoint, 1);
    if (!body) throw new Error('no sample');
    expect(readCheckpoint(signCheckpoint(body, keys), next.trusted)).toHaveProperty('checkpoint');
    expect(readCheckpoint(signCheckpoint(body, next), next.trusted)).toHaveProperty('checkpoint');
    expect(readCheckpoint(signCheckpoint(body, next), keys.trusted)).toEqual({ fault: 'UNKNOWN_KEY' });
  });

  it('are read from PEM, also on one line, and from base64', () => {
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const der = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    for (const text of [pem, pem.replaceAll('\n', '\\n'), der, ` ${der}\n`]) {
      expect(readPrivateKey(text)?.equals(privateKey)).toBe(true);
    }
    const two = [publicKey, pair().publicKey];
    const pems = two.map((key) => key.export({ format: 'pem', type: 'spki' }).toString());
    const ders = two.map((key) => key.export({ format: 'der', type: 'spki' }).toString('base64'));
    for (const list of [
      pems.join(''),
      pems.join(','),
      pems.join('').replaceAll('\n', '\\n'),
      ders.join(','),
      ders.join(' '),
      `${pems[0]},${ders[1]}`,
      `${ders[0]}\n${pems[1]}`,
    ]) {
      expect([...trustedKeys(readPublicKeys(list) ?? []).keys()]).toEqual(two.map(keyIdOf));
    }
  });

  it('are refused where they are of another kind, private among public ones, or not keys', () => {
    const pkcs8 = { format: 'pem', type: 'pkcs8' } as const;
    const spki = { format: 'pem', type: 'spki' } as const;
    const others = [generateKeyPairSync('x25519'), generateKeyPairSync('ec', { namedCurve: 'P-256' })];
    for (const other of others) {
      expect(readPrivateKey(other.privateKey.export(pkcs8).toString())).toBeNull();
      expect(readPublicKeys(other.publicKey.export(spki).toString())).toBeNull();
    }
    expect(readPrivateKey(publicKey.export(spki).toString())).toBeNull();
    expect(readPublicKeys(privateKey.export(pkcs8).toString())).toBeNull();
    expect(readPublicKeys(privateKey.export({ ...pkcs8, format: 'der' }).toString('base64'))).toBeNull();
    expect(readPublicKeys(`${publicKey.export(spki).toString()},x`)).toBeNull();
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readPrivateKey(text)).toBeNull();
        expect(readPublicKeys(text)).toBeNull();
      }),
    );
    expect(createPrivateKey(privateKey.export(pkcs8)).asymmetricKeyType).toBe('ed25519');
  });
});
