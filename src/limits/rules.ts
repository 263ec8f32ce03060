// The table of limits: who, what, how many in how long, and why. A limits file overrides what is in it
// (limits-file.ts); the ledger counts and decides, in the batch that admits.
//
// Broad rules stand first: where several deny, the first one is told, and whoever tries numbers in a row is then
// counted on his own record and not on one record a number.
import type { Attempt, LimitWindow } from './claims.js';

/** Who asks, as far as limits care. */
export type CallerKind =
  | 'ANONYMOUS'
  /** Anonymous, with the solution of a human check. */
  | 'CHECKED'
  /** Signed in. */
  | 'USER'
  /** Signed in with the role service: it asks for many persons. */
  | 'SERVICE';

/** What a rule counts by: one counter for each. */
export type CountedBy =
  /** One for all. */
  | 'everybody'
  /** The calling code of the phone. */
  | 'destination'
  /** The application that a signed-in caller's token names; an anonymous caller picks his label. */
  | 'client'
  /** /24 of IPv4, /48 of IPv6: what one customer of a network may have at hand. */
  | 'network'
  /** An address of IPv4, or /64 of IPv6. */
  | 'address'
  /** The caller whom the token names. */
  | 'actor'
  | 'phone'
  /** A phone, and what is guessed of it: its captcha, its password … */
  | 'guess'
  /** An account that is not the phone, such as one at a shop, and what is guessed of it. */
  | 'account';

export interface LimitRule {
  /** What is counted. */
  counts: Attempt['kind'];
  by: CountedBy;
  of: readonly CallerKind[];
  /** One to four, the shortest first. */
  windows: readonly LimitWindow[];
  /** What a denial asks for; absent: to wait. */
  asksFor?: 'HUMAN_CHECK';
  why: string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const window = (most: number, seconds: number): LimitWindow => ({ most, seconds });

const anonymous = ['ANONYMOUS', 'CHECKED'] as const;
const signedIn = ['USER', 'SERVICE'] as const;

/** What Aliyun and its like send to one number. */
const ofOnePhone = [window(1, MINUTE), window(5, HOUR), window(10, DAY)];

export const rules = {
  EVERYBODY: {
    counts: 'MESSAGE',
    by: 'everybody',
    of: signedIn,
    windows: [window(20_000, 10 * MINUTE)],
    why: 'What providers take; a flood is slowed down before it has eaten a large budget.',
  },
  EVERYBODY_ANONYMOUS: {
    counts: 'MESSAGE',
    by: 'everybody',
    of: anonymous,
    windows: [window(20_000, 10 * MINUTE)],
    why: 'The same; apart from those who are signed in, whom strangers must not lock out.',
  },
  DESTINATION: {
    counts: 'MESSAGE',
    by: 'destination',
    of: signedIn,
    windows: [window(15_000, 10 * MINUTE)],
    why: 'Pumping goes to one country, whose operators share what it brings.',
  },
  DESTINATION_ANONYMOUS: {
    counts: 'MESSAGE',
    by: 'destination',
    of: anonymous,
    windows: [window(15_000, 10 * MINUTE)],
    why: 'The same, apart for the same reason.',
  },
  CLIENT: {
    counts: 'MESSAGE',
    by: 'client',
    of: signedIn,
    windows: [window(3_000, 10 * MINUTE), window(10_000, HOUR)],
    why: 'One application that runs wild does not take the share of the others.',
  },
  NETWORK: {
    counts: 'MESSAGE',
    by: 'network',
    of: anonymous,
    windows: [window(600, HOUR), window(3_000, DAY)],
    why: 'Who has one address of a network often has its neighbours.',
  },
  ADDRESS: {
    counts: 'MESSAGE',
    by: 'address',
    of: anonymous,
    windows: [window(60, 10 * MINUTE), window(150, HOUR), window(500, DAY)],
    why: 'Firebase takes 150 an hour from an address; a mobile operator has many people behind one.',
  },
  ADDRESS_CHECK: {
    counts: 'MESSAGE',
    by: 'address',
    of: ['ANONYMOUS'],
    windows: [window(20, HOUR)],
    asksFor: 'HUMAN_CHECK',
    why: 'From then on each message costs whoever asks some work.',
  },
  SERVICE: {
    counts: 'MESSAGE',
    by: 'actor',
    of: ['SERVICE'],
    windows: [window(1_000, 10 * MINUTE), window(5_000, HOUR)],
    why: 'A service asks for many persons, and may be taken over like anybody.',
  },
  ACTOR: {
    counts: 'MESSAGE',
    by: 'actor',
    of: ['USER'],
    windows: [window(10, 10 * MINUTE), window(30, HOUR), window(100, DAY)],
    why: 'One person verifies a few phones, not a list of them.',
  },
  PHONE: {
    counts: 'MESSAGE',
    by: 'phone',
    of: signedIn,
    windows: ofOnePhone,
    why: 'Across providers and purposes; apart from the anonymous, who could use it up for somebody else.',
  },
  PHONE_CHECKED: {
    counts: 'MESSAGE',
    by: 'phone',
    of: ['CHECKED'],
    windows: ofOnePhone,
    why: 'A person who did the work is not silenced by a stranger who did not.',
  },
  PHONE_ANONYMOUS: {
    counts: 'MESSAGE',
    by: 'phone',
    of: ['ANONYMOUS'],
    windows: ofOnePhone,
    why: 'Across providers and purposes. Beyond the minute, a human check opens a count of its own.',
  },

  GUESSES_ADDRESS: {
    counts: 'GUESS',
    by: 'address',
    of: [...anonymous, 'USER'],
    windows: [window(100, 10 * MINUTE), window(300, HOUR)],
    why: 'Many callers that guess from one address are one.',
  },
  GUESSES_ACTOR: {
    counts: 'GUESS',
    by: 'actor',
    of: ['USER'],
    windows: [window(30, HOUR), window(100, DAY)],
    why: 'Who may guess little of each phone must not guess of many.',
  },
  GUESSES_ACCOUNT: {
    counts: 'GUESS',
    by: 'account',
    of: [...anonymous, ...signedIn],
    windows: [window(5, 10 * MINUTE), window(20, DAY)],
    why: 'The phone in such a conversation is the own one: each would bring more guesses of the same account.',
  },
  GUESSES: {
    counts: 'GUESS',
    by: 'guess',
    of: [...anonymous, ...signedIn],
    windows: [window(5, 10 * MINUTE), window(20, DAY)],
    why: 'Twilio checks a code five times. A new code does not begin the count anew.',
  },

  POLLS_SERVICE: {
    counts: 'POLL',
    by: 'actor',
    of: ['SERVICE'],
    windows: [window(12_000, 10 * MINUTE)],
    why: 'A service asks for many persons at once.',
  },
  POLLS: {
    counts: 'POLL',
    by: 'actor',
    of: [...anonymous, 'USER'],
    windows: [window(400, 10 * MINUTE)],
    why: 'An operator may be busy for minutes, and a page asks every five seconds.',
  },
  CALLS_SERVICE: {
    counts: 'CALL',
    by: 'actor',
    of: ['SERVICE'],
    windows: [window(6_000, 10 * MINUTE)],
    why: 'Services call often; one that runs wild is slowed down.',
  },
  CALLS: {
    counts: 'CALL',
    by: 'actor',
    of: [...anonymous, 'USER'],
    windows: [window(30, 10 * MINUTE), window(300, DAY)],
    why: 'Applications and bindings cost money and the time of people.',
  },
} satisfies Record<string, LimitRule>;

export type RuleName = keyof typeof rules;
export const ruleNames = Object.keys(rules) as RuleName[];

/** Further reasons for a denial, as records name them. */
export const furtherRules = {
  DESTINATION_NOT_ALLOWED: 'The calling code is not on the list of destinations.',
  BUDGET: 'As many messages as a day may have.',
  BUDGET_ANONYMOUS: 'The rest of the budget is kept for those who are signed in.',
  BUDGET_CHECK: 'So much of the budget is gone that the anonymous have to pass a human check.',
  HUMAN_CHECK_USED: 'The solution of a human check serves once.',
} as const;
export type FurtherRule = keyof typeof furtherRules;
