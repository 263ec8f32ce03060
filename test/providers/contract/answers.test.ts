// Every operation's answers, pure: written another way they mean the same, cut off or broken they come to a typed
// outcome and never to a success that was not there. 10,000 and more, the same ones in every run.
import { describe, expect, it } from '@jest/globals';
import { parseTolerantly } from '../../../src/providers/tolerant-json.js';
import {
  broken,
  expectNoCutToBeRead,
  oneOf,
  outcomeOf,
  type Random,
  randomOf,
  spell,
} from '../../support/mutated-answers.js';
import { type AnswerOffer, answeredAt } from './offer.js';
import { type AnyValue, type OfferedOperation, offeredOperations, titled } from './offers.js';
import { settingsOf } from './stage.js';

const WANTED = 10_000;
const share = Math.ceil(WANTED / offeredOperations.length);

let read = 0;
const began = performance.now();
const everywhere = new Set<string>();

describe.each(titled(offeredOperations))('an answer to %s', (_, offered: OfferedOperation) => {
  const { provider, operation, described } = offered;
  const { answers, seal } = described;
  const { variables } = described.calls[0] ?? {};
  const settings = settingsOf(provider, variables ?? {}, 'http://127.0.0.1:9');
  const meaning = (text: string) =>
    outcomeOf(() => operation.read({ status: 200, text }, settings, { requestId: 'r', now: answeredAt }));
  const shuffled = ({ text }: AnswerOffer<AnyValue>, random: Random) => {
    const spelt = spell(parseTolerantly(text), random, seal?.spelling);
    return seal ? seal.reseal(spelt) : spelt;
  };

  it('means what the offer says', () => {
    for (const { text, means } of answers) expect(meaning(text)).toEqual(means);
  });

  it('means the same in any order, with other white space, further members, and numbers as text and back', () => {
    const random = randomOf(1);
    for (let run = 0; run < share / 2; run += 1) {
      const answer = oneOf(random, answers);
      const text = shuffled(answer, random);
      expect([text, meaning(text)]).toEqual([text, answer.means]);
      read += 1;
    }
  });

  it('is never read where it was cut off, at whatever byte', () => {
    for (const { text } of answers) expectNoCutToBeRead(text, (cut) => operationRead(cut));
    const random = randomOf(2);
    for (const answer of answers) expectNoCutToBeRead(shuffled(answer, random), (cut) => operationRead(cut));
  });
  const operationRead = (text: string) =>
    operation.read({ status: 200, text }, settings, { requestId: 'r', now: answeredAt });

  it('comes to a typed outcome, however broken', () => {
    const random = randomOf(3);
    const seen = new Set<string>();
    for (let run = 0; run < share / 2; run += 1) {
      const text = spoilt(oneOf(random, answers), random);
      const outcome = meaning(text);
      read += 1;
      if (outcome === 'UNREADABLE') seen.add(outcome);
      else if ('accepted' in outcome) {
        seen.add('ACCEPTED');
        expect(typeof outcome.providerCode).toBe('string');
        if (seal) expect([text, signedBefore(outcome.accepted)]).toEqual([text, true]);
      } else {
        seen.add('REFUSED');
        expect(typeof outcome.providerCode).toBe('string');
      }
    }
    for (const outcome of seen) everywhere.add(outcome);
    expect([...seen].sort()).toEqual(['ACCEPTED', 'REFUSED', 'UNREADABLE']);
  });

  /** What a signature stands for is what some answer of the provider was signed with, or it is not read. */
  function signedBefore(value: AnyValue): boolean {
    const signed = offeredOperations
      .filter((each) => each.provider === provider)
      .flatMap((each) => each.described.answers)
      .flatMap(({ means }) => ('accepted' in means ? [means.accepted] : []));
    return [...signed, ...(seal?.unsigned ? [seal.unsigned] : [])].some((known) =>
      seal?.covered.every((member) => value[member] === known[member]),
    );
  }
});

it('was read 10,000 times, with every outcome, in less than 20 seconds', () => {
  expect(read).toBeGreaterThanOrEqual(WANTED);
  expect([...everywhere].sort()).toEqual(['ACCEPTED', 'REFUSED', 'UNREADABLE']);
  expect(performance.now() - began).toBeLessThan(20_000);
});

/** What means something else, or nothing. */
function spoilt({ text }: AnswerOffer<AnyValue>, random: Random): string {
  const strange = () =>
    oneOf<unknown>(random, [null, '', ' ', [], {}, [[]], 0, -1, 1e21, true, '\uD800', '中'.repeat(300)]);
  switch (Math.floor(random() * 8)) {
    case 0: {
      const bytes = Buffer.from(text);
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      return bytes.toString('utf8');
    }
    case 1:
      return JSON.stringify(changed(parseTolerantly(text), random, () => undefined));
    case 2:
      return JSON.stringify(changed(parseTolerantly(text), random, strange));
    case 3:
      return text + oneOf(random, [text, '}', ',', '\u0000', '<br>', 'ok']);
    case 4:
      return oneOf(random, ['<pre>', 'callback(', '\uFEFF\uFEFF ', '[', '"']) + text;
    case 5: {
      const { described } = oneOf(random, offeredOperations);
      return oneOf(random, described.answers).text;
    }
    default:
      return broken(text, random);
  }
}

/** One member somewhere in it replaced, or left out where the replacement is undefined. */
function changed(json: unknown, random: Random, replacement: () => unknown): unknown {
  if (Array.isArray(json)) return json.map((item) => changed(item, random, replacement));
  if (typeof json !== 'object' || json === null) return json;
  const names = Object.keys(json);
  const name = names.length > 0 ? oneOf(random, names) : '';
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => {
      if (key !== name) return [key, value];
      const inner = typeof value === 'object' && random() < 0.6;
      return [key, inner ? changed(value, random, replacement) : replacement()];
    }),
  );
}
