// In production every key is demanded by its variable's name, is none of the sandbox's, and is a key; outside it
// the sandbox's do.
import { describe, expect, it } from '@jest/globals';
import { sandboxKeys } from '../../../src/providers/tongqifu/sandbox-keys.js';
import { faultsOf, settingsOf } from './bench.js';

const own = {
  TONGQIFU_URL: 'https://pay.example.com/pay/api/',
  TONGQIFU_MCH_NO: 'E240000000009',
  TONGQIFU_APP_ID: 'fedcba9876543210fedcba98',
  TONGQIFU_MD5_KEY: 'an-invented-key-of-this-test',
  TONGQIFU_AES_KEY: 'an-invented-key!',
};

describe('in production', () => {
  it('is not configured without an address', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it('is content with keys of its own', () => {
    expect(faultsOf(own)).toEqual([]);
    expect(settingsOf(own, { production: true })).toMatchObject({
      baseUrl: own.TONGQIFU_URL,
      keys: { signType: 'MD5', key: own.TONGQIFU_MD5_KEY },
      confirm: false,
      allowHttpLinks: false,
      jumpUrlAlways: false,
    });
  });

  it.each([
    ['MD5', ['TONGQIFU_MCH_NO', 'TONGQIFU_APP_ID', 'TONGQIFU_MD5_KEY', 'TONGQIFU_AES_KEY']],
    [
      'RSA',
      [
        'TONGQIFU_MCH_NO',
        'TONGQIFU_APP_ID',
        'TONGQIFU_RSA_PRIVATE_KEY',
        'TONGQIFU_RSA_PLATFORM_KEY',
        'TONGQIFU_AES_KEY',
      ],
    ],
    [
      'SM2',
      [
        'TONGQIFU_MCH_NO',
        'TONGQIFU_APP_ID',
        'TONGQIFU_SM2_PRIVATE_KEY',
        'TONGQIFU_SM2_PLATFORM_KEY',
        'TONGQIFU_AES_KEY',
      ],
    ],
  ])('names all that %s needs at once', (TONGQIFU_SIGN_TYPE, names) => {
    const faults = faultsOf({ TONGQIFU_URL: own.TONGQIFU_URL, TONGQIFU_SIGN_TYPE });
    expect(faults).toEqual(names.map((name) => `${name} is needed in production with TONGQIFU_URL`));
  });

  it("refuses each of the sandbox's", () => {
    const { mchNo, appId, md5Key, aesKey, rsa, sm2 } = sandboxKeys;
    for (const [name, value, signType] of [
      ['TONGQIFU_MCH_NO', mchNo, 'MD5'],
      ['TONGQIFU_APP_ID', appId, 'MD5'],
      ['TONGQIFU_MD5_KEY', md5Key, 'MD5'],
      ['TONGQIFU_AES_KEY', aesKey, 'MD5'],
      ['TONGQIFU_RSA_PRIVATE_KEY', rsa.merchantPrivate, 'RSA'],
      ['TONGQIFU_RSA_PLATFORM_KEY', rsa.platformPublic, 'RSA'],
      ['TONGQIFU_SM2_PRIVATE_KEY', sm2.merchantPrivate, 'SM2'],
      ['TONGQIFU_SM2_PLATFORM_KEY', sm2.platformPublic, 'SM2'],
    ] as const) {
      const faults = faultsOf({ ...own, TONGQIFU_SIGN_TYPE: signType, [name]: value });
      expect(faults).toContain(`${name} is the sandbox's, which everybody knows`);
    }
  });

  it('refuses short MD5 keys, plain http, and says nothing of a value', () => {
    expect(faultsOf({ ...own, TONGQIFU_MD5_KEY: 'short' })).toEqual([
      'TONGQIFU_MD5_KEY must have at least 16 characters',
    ]);
    expect(faultsOf({ ...own, TONGQIFU_URL: 'http://pay.example.com' })).toEqual([
      expect.stringContaining('TONGQIFU_ALLOW_HTTP'),
    ]);
    const http = { ...own, TONGQIFU_URL: 'http://pay.example.com', TONGQIFU_ALLOW_HTTP: 'true' };
    expect(settingsOf(http, { production: true }).allowHttpLinks).toBe(true);
  });
});

describe('a key that is none', () => {
  const point = sandboxKeys.sm2.platformPublic;
  const offCurve = point.slice(0, -1) + (point.endsWith('0') ? '1' : '0');
  it.each([
    ['TONGQIFU_AES_KEY', 'MD5', '15 characters !'],
    ['TONGQIFU_RSA_PRIVATE_KEY', 'RSA', 'no key'],
    ['TONGQIFU_RSA_PRIVATE_KEY', 'RSA', sandboxKeys.rsa.merchantPublic],
    ['TONGQIFU_RSA_PLATFORM_KEY', 'RSA', `${sandboxKeys.rsa.platformPublic}=`],
    ['TONGQIFU_SM2_PRIVATE_KEY', 'SM2', '0'.repeat(64)],
    ['TONGQIFU_SM2_PLATFORM_KEY', 'SM2', offCurve],
    ['TONGQIFU_SM2_PLATFORM_KEY', 'SM2', sandboxKeys.rsa.platformPublic],
    ['TONGQIFU_SM2_VERIFYING_ID', 'SM2', ''],
    ['TONGQIFU_SIGN_TYPE', 'HMAC', ''],
    ['TONGQIFU_PENDING_RESULTS', 'MD5', '1,2'],
  ])('%s (%s) stops the start, by name and without its value', (name, signType, value) => {
    const variables = {
      TONGQIFU_SIGN_TYPE: signType,
      ...(name === 'TONGQIFU_SIGN_TYPE' ? {} : { [name]: value }),
    };
    const faults = faultsOf(variables, false);
    expect(faults).toEqual([expect.stringMatching(`^${name} `)]);
    if (value.length > 3) expect(faults.join()).not.toContain(value);
  });

  it('in CBC needs a vector of 16 bytes', () => {
    expect(faultsOf({ TONGQIFU_AES_MODE: 'cbc', TONGQIFU_AES_IV: 'short' }, false)).toEqual([
      'TONGQIFU_AES_IV must have 16 bytes',
    ]);
    expect(faultsOf({ ...own, TONGQIFU_AES_MODE: 'cbc' })).toEqual([
      'TONGQIFU_AES_IV is needed in production with TONGQIFU_URL',
    ]);
  });
});
