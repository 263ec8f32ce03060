// A provider without an offer, or with half of one, does not slip through.
import { describe, expect, it } from '@jest/globals';
import { providers } from '../../../src/providers/index.js';
import { type AnyOffer, faultsOfOffer, offeredOperations, offeredProviders, operationsOf } from './offers.js';

const [{ provider, offer }] = offeredProviders as [{ provider: (typeof providers)[number]; offer: AnyOffer }];

describe('the contract suite', () => {
  it('takes every provider of the list, and every operation that it exports', () => {
    expect(offeredProviders.map((each) => each.provider)).toEqual(providers);
    for (const each of providers) {
      const taken = offeredOperations.filter((offered) => offered.provider === each);
      expect(taken.map(({ operation }) => operation)).toEqual(Object.values(operationsOf(each)));
      expect(taken.length).toBeGreaterThan(0);
    }
  });

  it('finds the operation of account codes among them', () => {
    for (const each of providers.filter(({ accountCodes }) => accountCodes)) {
      expect(Object.values(operationsOf(each))).toContain(each.accountCodes?.operation);
    }
  });

  it('finds what the simulators serve: no operation is only in the sandbox', () => {
    for (const { provider: each, operation } of offeredOperations) {
      const world = {} as Parameters<typeof each.simulator.start>[0];
      const served = each.simulator.start(world).map((route) => route.operation);
      expect(served).toContain(operation.name);
    }
  });

  it('says what is missing', () => {
    expect(faultsOfOffer(provider, undefined)).toEqual([
      expect.stringContaining(`test/providers/${provider.id}/offer.ts is missing`),
    ]);
    const invented = { ...provider, operations: { ...operationsOf(provider), invented: {} as never } };
    expect(faultsOfOffer(invented, offer)).toEqual([expect.stringContaining('does not describe invented')]);
    const [name = '', described] = Object.entries(offer.operations)[0] ?? [];
    const with_ = (more: object) =>
      ({ ...offer, operations: { [name]: { ...described, ...more } } }) as AnyOffer;
    expect(faultsOfOffer(provider, with_({ calls: [] }))).toEqual([expect.stringContaining('has no calls')]);
    expect(faultsOfOffer(provider, with_({ answers: [] }))).toEqual([
      expect.stringContaining('no answer that is accepted'),
      expect.stringContaining('no answer that is refused'),
    ]);
    expect(faultsOfOffer(provider, { ...offer, production: [] })).toHaveLength(1);
    expect(faultsOfOffer({ ...provider, operations: {}, accountCodes: undefined } as never, offer)).toContain(
      `${provider.id} exports no operations`,
    );
  });
});
