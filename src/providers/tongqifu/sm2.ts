// SM2 signatures over SM3 with any user id, on node:crypto: Z is computed here, since OpenSSL through Node knows
// only the empty id. Keys that are not points of the curve are refused when they are read, signatures that are
// not exactly one form of two numbers in range when they are verified.
// Source: GB/T 32918.2 (GM/T 0003.2); agrees with `openssl pkeyutl -pkeyopt distid:…`.
import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  ECDH,
  type KeyObject,
} from 'node:crypto';
import { bytesOfBase64, bytesOfKey } from './key-text.js';

/** r‖s in 64 bytes, or ASN.1. */
export type Sm2Encoding = 'raw' | 'der';

export interface Sm2PublicKey {
  readonly key: KeyObject;
  /** 04‖X‖Y. */
  readonly point: Buffer;
}

export interface Sm2PrivateKey extends Sm2PublicKey {
  readonly privateKey: KeyObject;
}

const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const CURVE_AND_BASE_POINT = Buffer.from(
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc' +
    '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93' +
    '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7' +
    'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0',
  'hex',
);
const ID_EC_AND_SM2 = '06072a8648ce3d020106082a811ccf5501822d';
const SPKI = '3059301306072a8648ce3d020106082a811ccf5501822d034200';
const PKCS8 = '308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420';

/**
 * @param text 64 hex digits, or PKCS#8 as Base64 or PEM
 * @throws Error where it is none of these, or out of range
 */
export function readSm2PrivateKey(text: string): Sm2PrivateKey {
  const raw = /^[0-9a-fA-F]{64}$/.test(text.trim()) ? text.trim().toLowerCase() : numberOfPkcs8(text);
  const number = BigInt(`0x${raw}`);
  // n−1 has no signature: 1+d would have no inverse.
  if (number < 1n || number > ORDER - 2n) throw new Error('the number is out of range');
  const exchange = createECDH('SM2');
  exchange.setPrivateKey(raw, 'hex');
  // The point is computed anew: a PKCS#8 file may name a point that is not its own.
  const point = exchange.getPublicKey();
  const der = Buffer.from(`${PKCS8}${raw}a144034200${point.toString('hex')}`, 'hex');
  return { ...publicKeyOf(point), privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
}

/**
 * @param text the point as hex (04‖X‖Y, X‖Y, or compressed), or X.509 as Base64 or PEM
 * @throws Error where it is none of these, or not on the curve
 */
export function readSm2PublicKey(text: string): Sm2PublicKey {
  const hex = text.trim().toLowerCase();
  if (/^[0-9a-f]{128}$/.test(hex)) return publicKeyOf(uncompressed(`04${hex}`));
  if (/^(04[0-9a-f]{128}|0[23][0-9a-f]{64})$/.test(hex)) return publicKeyOf(uncompressed(hex));
  const key = createPublicKey({ key: bytesOfKey(text), format: 'der', type: 'spki' });
  const der = key.export({ format: 'der', type: 'spki' }).toString('hex');
  const point = new RegExp(`^30[0-9a-f]{2}3013${ID_EC_AND_SM2}03(?:42|22)00([0-9a-f]+)$`).exec(der)?.[1];
  if (point === undefined) throw new Error('not a key of the SM2 curve');
  return publicKeyOf(uncompressed(point));
}

/** Base64. */
export function signSm2(message: Buffer, key: Sm2PrivateKey, userId: string, encoding: Sm2Encoding): string {
  const der = createSign('sm3').update(identityDigest(key, userId)).update(message).sign(key.privateKey);
  if (encoding === 'der') return der.toString('base64');
  const numbers = readDer(der);
  if (!numbers) throw new Error('OpenSSL made a signature that is not DER');
  return numbers.toString('base64');
}

/** False for whatever is not exactly one signature in this encoding, in canonical Base64. */
export function verifySm2(
  message: Buffer,
  signature: string,
  key: Sm2PublicKey,
  userId: string,
  encoding: Sm2Encoding,
): boolean {
  const bytes = bytesOfBase64(signature);
  if (!bytes) return false;
  const raw = encoding === 'raw' ? bytes : readDer(bytes);
  if (raw?.length !== 64 || !inRange(raw.subarray(0, 32)) || !inRange(raw.subarray(32))) return false;
  return createVerify('sm3')
    .update(identityDigest(key, userId))
    .update(message)
    .verify(key.key, writeDer(raw));
}

/** Z: binds the user id and the key to what is signed. */
function identityDigest({ point }: Sm2PublicKey, userId: string): Buffer {
  const id = Buffer.from(userId, 'utf8');
  if (id.length === 0 || id.length > 8191) throw new Error('an SM2 user id has 1 to 8191 bytes');
  const bits = Buffer.alloc(2);
  bits.writeUInt16BE(id.length * 8);
  return createHash('sm3')
    .update(bits)
    .update(id)
    .update(CURVE_AND_BASE_POINT)
    .update(point.subarray(1))
    .digest();
}

function numberOfPkcs8(text: string): string {
  const key = createPrivateKey({ key: bytesOfKey(text), format: 'der', type: 'pkcs8' });
  const der = key.export({ format: 'der', type: 'pkcs8' }).toString('hex');
  const number = new RegExp(`^30[0-9a-f]{2,4}0201003013${ID_EC_AND_SM2}.{4,8}0201010420([0-9a-f]{64})`).exec(
    der,
  )?.[1];
  if (number === undefined) throw new Error('not a key of the SM2 curve');
  return number;
}

/** @throws Error where the point is not on the curve */
function uncompressed(hex: string): Buffer {
  return ECDH.convertKey(hex, 'SM2', 'hex', undefined, 'uncompressed') as unknown as Buffer;
}

function publicKeyOf(point: Buffer): Sm2PublicKey {
  const der = Buffer.concat([Buffer.from(SPKI, 'hex'), point]);
  return { key: createPublicKey({ key: der, format: 'der', type: 'spki' }), point };
}

function inRange(bytes: Buffer): boolean {
  const number = BigInt(`0x${bytes.toString('hex')}`);
  return number > 0n && number < ORDER;
}

/** r‖s from SEQUENCE { INTEGER r, INTEGER s }; null unless it is the one DER form of them. */
function readDer(der: Buffer): Buffer | null {
  const [tag, length, tagOfR, lengthOfR] = der;
  if (tag !== 0x30 || length !== der.length - 2 || tagOfR !== 0x02 || lengthOfR === undefined) return null;
  const r = der.subarray(4, 4 + lengthOfR);
  const rest = der.subarray(4 + lengthOfR);
  if (rest[0] !== 0x02 || rest[1] !== rest.length - 2) return null;
  const s = rest.subarray(2);
  const raw = Buffer.concat([fixed(r), fixed(s)]);
  return raw.length === 64 && writeDer(raw).equals(der) ? raw : null;
}

function fixed(integer: Buffer): Buffer {
  const significant = integer.length > 32 ? integer.subarray(integer.length - 32) : integer;
  return Buffer.concat([Buffer.alloc(32 - significant.length), significant]);
}

function writeDer(raw: Buffer): Buffer {
  const body = Buffer.concat([derInteger(raw.subarray(0, 32)), derInteger(raw.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function derInteger(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const significant = bytes.subarray(start);
  const sign = (significant[0] ?? 0) & 0x80 ? [0] : [];
  return Buffer.concat([Buffer.from([0x02, significant.length + sign.length, ...sign]), significant]);
}
