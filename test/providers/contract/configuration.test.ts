// Every provider's environment: nothing is needed in the sandbox, everything that is missing in production is
// named at once, plain http wants consent, and no fault tells a value.
import { describe, expect, it } from '@jest/globals';
import type { CommonSettings, Provider } from '../../../src/providers/provider.js';
import { configured } from '../../support/provider-bench.js';
import type { Variables } from './offer.js';
import { offeredProviders } from './offers.js';
import { prefixOf } from './stage.js';

const sandboxUrl = 'http://127.0.0.1:4010/sandbox';
const https = 'https://provider.example.com/base';
const http = 'http://provider.example.com/base';

describe.each(offeredProviders.map(({ provider, offer }) => [provider.id, provider, offer] as const))(
  '%s',
  (_, provider, offer) => {
    const plain = provider as Provider<CommonSettings>;
    const prefix = prefixOf(provider);
    const inSandbox = (variables: Variables = {}) => configured(plain, { ...variables }, { sandboxUrl });
    const inProduction = (variables: Variables) => configured(plain, { ...variables }, { production: true });

    it('names its variables after itself', () => {
      expect(prefix).toBe(provider.id.toUpperCase().replaceAll('-', '_'));
      for (const name of Object.keys(provider.environment.shape)) expect(name).toMatch(`${prefix}_`);
    });

    it('needs nothing outside production, and uses the sandbox', () => {
      expect(inSandbox()).toEqual({ settings: expect.objectContaining({ baseUrl: sandboxUrl }), faults: [] });
    });

    it('uses another address outside production, plain http as well', () => {
      expect(inSandbox({ [`${prefix}_URL`]: http })).toMatchObject({
        settings: { baseUrl: http },
        faults: [],
      });
    });

    it('is not configured in production without an address, and that is no fault', () => {
      expect(inProduction({})).toEqual({ settings: null, faults: [] });
    });

    describe.each(offer.production.map((needs) => [JSON.stringify(needs.chosen ?? {}), needs] as const))(
      'in production with %s',
      (_chosen, { chosen = {}, needed }) => {
        const complete = { [`${prefix}_URL`]: https, ...chosen, ...needed };

        it('starts with all that it needs', () => {
          expect(inProduction(complete)).toEqual({
            settings: expect.objectContaining({ baseUrl: https, deadlineMs: expect.any(Number) }),
            faults: [],
          });
        });

        it('names whatever is missing, all at once', () => {
          const { faults } = inProduction({ [`${prefix}_URL`]: https, ...chosen });
          expect(faults.map((fault) => fault.split(' ')[0]).sort()).toEqual(Object.keys(needed).sort());
        });

        it('names each that is missing', () => {
          for (const name of Object.keys(needed)) {
            const { faults } = inProduction(without(complete, name));
            expect(faults).toEqual([expect.stringMatching(`^${name} `)]);
            for (const value of Object.values(needed)) expect(faults.join()).not.toContain(value);
          }
        });

        it('wants consent to plain http', () => {
          const overHttp = { ...complete, [`${prefix}_URL`]: http };
          expect(inProduction(overHttp).faults).toEqual([
            expect.stringContaining(`${prefix}_ALLOW_HTTP=true`),
          ]);
          expect(inProduction({ ...overHttp, [`${prefix}_ALLOW_HTTP`]: 'true' })).toMatchObject({
            settings: { baseUrl: http },
            faults: [],
          });
        });
      },
    );

    it.each([
      ['_URL', 'provider.example.com'],
      ['_URL', 'ftp://provider.example.com'],
      ['_ALLOW_HTTP', 'perhaps'],
      ['_DEADLINE_MS', 'soon'],
      ['_DEADLINE_MS', '0'],
      ['_DEADLINE_MS', '1e9'],
    ])('names %s where it is %s', (suffix, value) => {
      const { faults } = inSandbox({ [prefix + suffix]: value });
      expect(faults).toEqual([expect.stringMatching(`^${prefix}${suffix} `)]);
    });
  },
);

function without(variables: Variables, name: string): Variables {
  const { [name]: _, ...rest } = variables;
  return rest;
}
