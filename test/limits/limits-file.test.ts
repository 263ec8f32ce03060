// LIMITS_FILE overrides the table of limits, and whatever is wrong in it is named before anything starts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readLimits } from '../../src/limits/limits-file.js';
import { type LimitRule, type RuleName, ruleNames, rules } from '../../src/limits/rules.js';

const folder = mkdtempSync(join(tmpdir(), 'yanzheng-limits-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function read(content: string | object) {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  const faults: string[] = [];
  return { settings: readLimits(path, faults), faults };
}

const named = (settings: ReturnType<typeof readLimits>, name: RuleName) =>
  settings?.rules.find((rule) => rule.name === name);

describe('without a file', () => {
  it('the table holds as it is', () => {
    const settings = readLimits(undefined, []);
    expect(settings?.rules.map(({ name }) => name)).toEqual(ruleNames);
    expect(named(settings, 'PHONE')?.windows).toEqual([
      { most: 1, seconds: 60 },
      { most: 5, seconds: 3_600 },
      { most: 10, seconds: 86_400 },
    ]);
    expect(settings?.budget).toEqual({
      perDay: 10_000,
      destinations: { '+86': 10_000 },
      checkFrom: 0.5,
      warnFrom: 0.8,
      keptForSignedIn: 0.3,
    });
  });

  it('each rule has one to four windows, the shortest first, and a reason', () => {
    for (const name of ruleNames) {
      const { windows, why, of }: LimitRule = rules[name];
      expect(windows.length).toBeGreaterThan(0);
      expect(windows.length).toBeLessThanOrEqual(4);
      for (const [index, { seconds }] of windows.entries()) {
        expect(seconds).toBeGreaterThan(windows[index - 1]?.seconds ?? 0);
      }
      expect(why).not.toBe('');
      expect(of.length).toBeGreaterThan(0);
    }
  });

  it.each(['MESSAGE', 'GUESS', 'CALL'] as const)('everybody is limited in a %s', (attempt) => {
    for (const kind of ['ANONYMOUS', 'CHECKED', 'USER', 'SERVICE'] as const) {
      const found = ruleNames.filter((name) => {
        const { counts, of }: LimitRule = rules[name];
        return counts === attempt && of.includes(kind);
      });
      expect([kind, found.length > 0]).toEqual([kind, true]);
    }
  });
});

describe('a file', () => {
  it('overrides what it names and nothing else', () => {
    const { settings, faults } = read({
      rules: { ACTOR: [{ most: 2, seconds: 10 }], CLIENT: null },
      budget: { perDay: 50, destinations: { '+86': 40, '+852': 3 } },
      humanCheck: { work: 9 },
    });
    expect(faults).toEqual([]);
    expect(named(settings, 'ACTOR')?.windows).toEqual([{ most: 2, seconds: 10 }]);
    expect(named(settings, 'ACTOR')?.of).toEqual(rules.ACTOR.of);
    expect(named(settings, 'CLIENT')).toBeUndefined();
    expect(named(settings, 'PHONE')?.windows).toEqual(rules.PHONE.windows);
    expect(settings?.budget).toMatchObject({
      perDay: 50,
      destinations: { '+86': 40, '+852': 3 },
      checkFrom: 0.5,
    });
    expect(settings?.humanCheck).toEqual({ work: 9, seconds: 600 });
  });

  it('gives the one destination what a day may have, unless it says otherwise', () => {
    expect(read({ budget: { perDay: 7 } }).settings?.budget.destinations).toEqual({ '+86': 7 });
  });

  it('lifts all limits where it says so', () => {
    expect(read({ enabled: false })).toEqual({ settings: null, faults: [] });
  });

  it.each([
    ['no JSON', '{', 'LIMITS_FILE is not JSON'],
    ['an unknown rule', { rules: { PHONES: [{ most: 1, seconds: 1 }] } }, 'LIMITS_FILE rules'],
    ['an unknown member', { limits: {} }, 'LIMITS_FILE as a whole'],
    ['no windows', { rules: { PHONE: [] } }, 'LIMITS_FILE rules.PHONE'],
    ['five windows', { rules: { PHONE: Array(5).fill({ most: 1, seconds: 1 }) } }, 'LIMITS_FILE rules.PHONE'],
    [
      'windows in disorder',
      { rules: { PHONE: [60, 5].map((seconds) => ({ most: 1, seconds })) } },
      'LIMITS_FILE rules.PHONE: must name the shortest window first',
    ],
    ['a negative number', { rules: { PHONE: [{ most: -1, seconds: 1 }] } }, 'LIMITS_FILE rules.PHONE.0.most'],
    [
      'a country by name',
      { budget: { destinations: { China: 5 } } },
      'LIMITS_FILE budget.destinations.China',
    ],
    ['half a message', { budget: { perDay: 0.5 } }, 'LIMITS_FILE budget.perDay'],
    ['a share above all', { budget: { keptForSignedIn: 1.5 } }, 'LIMITS_FILE budget.keptForSignedIn'],
  ])('is refused for %s', (_, content, fault) => {
    const { settings, faults } = read(content);
    expect(settings).toBeNull();
    expect(faults).toEqual([expect.stringContaining(fault)]);
  });

  it('has all of its faults named at once', () => {
    const { faults } = read({ rules: { PHONE: [] }, budget: { perDay: -1 }, humanCheck: { work: 0 } });
    expect(faults).toHaveLength(3);
  });

  it('is refused where it is not there', () => {
    const faults: string[] = [];
    expect(readLimits(join(folder, 'none.json'), faults)).toBeNull();
    expect(faults).toEqual(['LIMITS_FILE cannot be read: ENOENT']);
  });
});
