// What a request claims.
import { describe, expect, it } from '@jest/globals';
import type { HumanChecks } from '../../src/limits/human-check.js';
import { TableLimiter } from '../../src/limits/limiter.js';
import { readLimits } from '../../src/limits/limits-file.js';
import { Digester } from '../../src/limits/subject.js';

const settings = readLimits(undefined, []);
if (!settings) throw new Error('no limits');

describe('a solution of a human check', () => {
  it('is remembered as long as any lives, however soon it ends', async () => {
    const attempt = { kind: 'MESSAGE', phone: '+8613800138000', operation: 'usercoin.sendCode' } as const;
    const origin = { address: '192.0.2.1', caller: null, humanCheck: 'a solution' };
    const checks = { verify: async () => ({ id: 'of one that ends soon' }) } as unknown as HumanChecks;
    const limiter = new TableLimiter(settings, checks, new Digester(new Uint8Array(32)));
    const claims = await limiter.claims(attempt, origin);
    expect(claims?.counters.find(({ rule }) => rule === 'HUMAN_CHECK_USED')?.windows).toEqual([
      { most: 1, seconds: settings.humanCheck.seconds + 60 },
    ]);
  });
});
