// Every provider of the list with its offer, found by its id: test/providers/<id>/offer.ts. Whatever has no
// description fails the suite.
import { existsSync } from 'node:fs';
import { providers } from '../../../src/providers/index.js';
import type { Operation, Provider } from '../../../src/providers/provider.js';
import type { CallOffer, Offer, OperationOffer } from './offer.js';

export type AnyValue = Record<string, unknown>;
export type AnyOperation = Operation<unknown, AnyValue>;
export type AnyOffer = Offer<Record<string, AnyOperation>>;

export interface OfferedOperation {
  /** `usercoin.sendCode` */
  title: string;
  provider: Provider;
  operation: AnyOperation;
  described: OperationOffer<unknown, AnyValue>;
}

export interface OfferedCall extends OfferedOperation {
  call: CallOffer<unknown, AnyValue>;
}

/** By the names under which the provider exports them; one that is only an account code's counts as well. */
export function operationsOf(provider: Provider): Record<string, AnyOperation> {
  const all = Object.entries(provider.operations) as [string, AnyOperation][];
  const ofCodes = provider.accountCodes?.operation as unknown as AnyOperation | undefined;
  if (ofCodes && !all.some(([, operation]) => operation === ofCodes)) all.push([ofCodes.name, ofCodes]);
  return Object.fromEntries(all);
}

/** What keeps a provider from being taken through its paces. */
export function faultsOfOffer(provider: Provider, offer: AnyOffer | undefined): string[] {
  const { id } = provider;
  const where = `test/providers/${id}/offer.ts`;
  if (!offer) return [`${id} has no offer: ${where} is missing, or exports none (see contract/offer.ts)`];
  const operations = operationsOf(provider);
  const names = Object.keys(operations);
  const faults = names.length === 0 ? [`${id} exports no operations`] : [];
  if (offer.production.length === 0) faults.push(`${where} names no environment for production`);
  for (const name of new Set([...names, ...Object.keys(offer.operations)])) {
    const operation = operations[name];
    const described = offer.operations[name];
    if (!operation) faults.push(`${where} describes ${name}, which ${id} does not export`);
    else if (!described) faults.push(`${where} does not describe ${name}`);
    else {
      if (operation.provider !== id) faults.push(`${id}.${name} is said to be of ${operation.provider}`);
      if (described.calls.length === 0) faults.push(`${where}: ${name} has no calls`);
      if (!described.answers.some(({ means }) => 'accepted' in means)) {
        faults.push(`${where}: ${name} has no answer that is accepted`);
      }
      if (!described.answers.some(({ means }) => 'refused' in means)) {
        faults.push(`${where}: ${name} has no answer that is refused`);
      }
    }
  }
  return faults;
}

async function load({ id }: Provider): Promise<AnyOffer | undefined> {
  if (!existsSync(new URL(`../${id}/offer.ts`, import.meta.url))) return undefined;
  const { offer } = (await import(`../${id}/offer.js`)) as { offer?: AnyOffer };
  return offer;
}

/** One provider's id, while it is being written; all where it is not set. */
const only = process.env.CONTRACT_OF;

const loaded = await Promise.all(
  providers
    .filter(({ id }) => only === undefined || id === only)
    .map(async (provider) => ({ provider, offer: await load(provider) })),
);
if (loaded.length === 0) throw new Error(`no provider is called ${only}`);
const faults = loaded.flatMap(({ provider, offer }) => faultsOfOffer(provider, offer));
if (faults.length > 0) throw new Error(faults.join('\n'));

export const offeredProviders = loaded as { provider: Provider; offer: AnyOffer }[];

export const offeredOperations: readonly OfferedOperation[] = offeredProviders.flatMap(
  ({ provider, offer }) =>
    Object.entries(operationsOf(provider)).map(([name, operation]) => ({
      title: `${provider.id}.${name}`,
      provider,
      operation,
      described: offer.operations[name] as OperationOffer<unknown, AnyValue>,
    })),
);

export const offeredCalls: readonly OfferedCall[] = offeredOperations.flatMap((offered) =>
  offered.described.calls.map((call) => ({
    ...offered,
    title: `${offered.title}, call ${call.step}${call.as ? ` (${call.as})` : ''}`,
    call,
  })),
);

/** With a title each, for `describe.each`. */
export function titled<Item extends { title: string }>(items: readonly Item[]): [string, Item][] {
  return items.map((item) => [item.title, item]);
}
