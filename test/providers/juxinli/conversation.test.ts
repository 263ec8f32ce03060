// The conversation follows the table, ends in or stays in a legal state whatever comes, and never throws.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CollectAnswer } from '../../../src/providers/juxinli/collect.js';
import {
  type Action,
  type Conversation,
  decide,
  isOver,
  legalAnswers,
  next,
  type Sent,
  start,
} from '../../../src/providers/juxinli/conversation.js';
import type { DataSource } from '../../../src/providers/juxinli/data-source.js';
import { wordsOf } from '../../../src/providers/juxinli/words.js';
import { documentedCodes, type Place, rows } from './conversation-table.js';

const mobile: DataSource = {
  id: '1',
  website: 'chinamobilejs',
  name: '江苏移动',
  category: 'mobile',
  status: 'ONLINE',
};
const shop: DataSource = { ...mobile, id: '2', website: 'jingdong', name: '京东', category: 'e_business' };

function answer(given: Partial<CollectAnswer>): CollectAnswer {
  return {
    type: 'CONTROL',
    content: '原文',
    processCode: '',
    nextType: undefined,
    finish: false,
    nextSource: undefined,
    alreadyCollected: false,
    ...given,
  };
}

function placeOf(state: Conversation): Place {
  switch (state.kind) {
    case 'AWAITING_PASSWORD':
      if (state.source.website !== mobile.website) return 'password of the next source';
      return state.retry ? 'password, again' : 'password';
    case 'AWAITING_CAPTCHA':
      return `captcha ${state.reason}${state.requestBySms ? ', by SMS' : ''}` as Place;
    case 'AWAITING_QUERY_PASSWORD':
      return state.retry ? 'query password, again' : 'query password';
    case 'WAITING':
      return 'waiting';
    case 'PASSWORD_RESET_REQUIRED':
      return 'reset the password';
    case 'COLLECTION_STARTED':
      return 'started';
    case 'FAILED':
      return 'failed';
  }
}

const asked = (processCode: string, sent: Sent = 'SUBMIT_PASSWORD', from: Conversation = start(mobile)) =>
  next(from, sent, answer({ processCode }));
const captcha = asked('10002');
const bySms = asked('10017');
const busy = (from: Conversation, sent: Sent) =>
  next(from, sent, answer({ type: 'RUNNING', processCode: '0' }));

/** Every state that an answer can come into, with each turn that can have been sent there. */
const situations: readonly [string, Conversation, Sent][] = [
  ['the first password', start(mobile), 'SUBMIT_PASSWORD'],
  ['a password after a wrong one', asked('10003'), 'SUBMIT_PASSWORD'],
  ['a changed password', asked('10007'), 'SUBMIT_PASSWORD'],
  ['a code', captcha, 'SUBMIT_CAPTCHA'],
  ['a second code', asked('10001', 'SUBMIT_CAPTCHA', captcha), 'SUBMIT_CAPTCHA'],
  ['a code after a wrong one', asked('10004', 'SUBMIT_CAPTCHA', captcha), 'SUBMIT_CAPTCHA'],
  ['a code after one that expired', asked('10006', 'SUBMIT_CAPTCHA', captcha), 'SUBMIT_CAPTCHA'],
  ['a wish for another code', captcha, 'RESEND_CAPTCHA'],
  ['a code that was texted for', bySms, 'SUBMIT_CAPTCHA'],
  ['a texted code after one that expired', asked('10018', 'SUBMIT_CAPTCHA', bySms), 'SUBMIT_CAPTCHA'],
  ['a wish for another code by SMS', bySms, 'RESEND_CAPTCHA'],
  ['a query password', asked('10022'), 'SUBMIT_QUERY_PASSWORD'],
  ['a query password after a wrong one', asked('10023'), 'SUBMIT_QUERY_PASSWORD'],
  ['a password again after "busy"', busy(start(mobile), 'SUBMIT_PASSWORD'), 'SUBMIT_PASSWORD'],
  ['a code again after "busy"', busy(captcha, 'SUBMIT_CAPTCHA'), 'SUBMIT_CAPTCHA'],
  ['a texted code again after "busy"', busy(bySms, 'SUBMIT_CAPTCHA'), 'SUBMIT_CAPTCHA'],
  [
    'a query password again after "busy"',
    busy(asked('10022'), 'SUBMIT_QUERY_PASSWORD'),
    'SUBMIT_QUERY_PASSWORD',
  ],
];

describe('the table', () => {
  it('has every documented code and every state', () => {
    const codes = new Set(rows.map(({ code }) => code));
    for (const code of documentedCodes) expect(codes).toContain(code);
    const kinds = new Set(situations.map(([, { kind }]) => kind));
    expect([...kinds].sort()).toEqual([
      'AWAITING_CAPTCHA',
      'AWAITING_PASSWORD',
      'AWAITING_QUERY_PASSWORD',
      'PASSWORD_RESET_REQUIRED',
      'WAITING',
    ]);
  });

  it.each(situations)('is followed after %s', (_, state, sent) => {
    const textedFor = 'requestBySms' in state && state.requestBySms;
    for (const { code, type, finish, next: more, template, ...row } of rows) {
      const said = answer({
        type,
        processCode: code,
        finish: finish ?? false,
        nextType: template,
        nextSource: more ? shop : undefined,
      });
      const expected =
        (sent === 'RESEND_CAPTCHA' && row.afterResend) || (textedFor && row.whenBySms) || row.leadsTo;
      const came = next(state, sent, said);
      expect({ code, type, template, place: placeOf(came) }).toEqual({
        code,
        type,
        template,
        place: expected,
      });
      if (came.kind === 'FAILED') expect(came.providerCode ?? '').toBe(code);
      if (expected !== 'password of the next source') expect(came.source).toBe(mobile);
    }
  });

  it.each([
    ['COLLECTION_STARTED', next(captcha, 'SUBMIT_CAPTCHA', answer({ processCode: '10008', finish: true }))],
    ['FAILED', asked('30000')],
  ] as const)('ends in %s, whatever comes later', (kind, state) => {
    expect(state.kind).toBe(kind);
    expect(isOver(state)).toBe(true);
    for (const { code, type } of rows) {
      expect(next(state, 'SUBMIT_CAPTCHA', answer({ type, processCode: code }))).toBe(state);
    }
  });

  it('takes a source that was collected before as done', () => {
    const said = answer({ type: 'ERROR', processCode: '30000', alreadyCollected: true });
    expect(placeOf(next(start(mobile), 'SUBMIT_PASSWORD', said))).toBe('started');
    expect(placeOf(next(start(mobile), 'SUBMIT_PASSWORD', { ...said, nextSource: shop }))).toBe(
      'password of the next source',
    );
  });
});

describe('what is sent', () => {
  const all: Action[] = [
    'SUBMIT_PASSWORD',
    'SUBMIT_CAPTCHA',
    'RESEND_CAPTCHA',
    'SUBMIT_QUERY_PASSWORD',
    'CONTINUE',
  ];
  const legal: [Conversation, Partial<Record<Action, string>>][] = [
    [start(mobile), { SUBMIT_PASSWORD: '' }],
    [captcha, { SUBMIT_CAPTCHA: 'SUBMIT_CAPTCHA', RESEND_CAPTCHA: 'RESEND_CAPTCHA' }],
    [asked('10022'), { SUBMIT_QUERY_PASSWORD: 'SUBMIT_QUERY_PWD' }],
    [asked('10007'), { SUBMIT_PASSWORD: '' }],
    [busy(start(mobile), 'SUBMIT_PASSWORD'), { CONTINUE: '' }],
    [busy(captcha, 'SUBMIT_CAPTCHA'), { CONTINUE: 'SUBMIT_CAPTCHA' }],
    [busy(busy(captcha, 'SUBMIT_CAPTCHA'), 'SUBMIT_CAPTCHA'), { CONTINUE: 'SUBMIT_CAPTCHA' }],
    [busy(asked('10022'), 'SUBMIT_QUERY_PASSWORD'), { CONTINUE: 'SUBMIT_QUERY_PWD' }],
    [asked('30000'), {}],
    [next(captcha, 'SUBMIT_CAPTCHA', answer({ processCode: '10008', finish: true })), {}],
  ];

  it('is decided by the state; nothing else is legal', () => {
    for (const [state, types] of legal) {
      expect(legalAnswers(state)).toEqual(Object.keys(types));
      for (const action of all) {
        const type = types[action];
        const decision = decide(state, action);
        if (type === undefined) expect(decision).toBeNull();
        else expect(decision).toMatchObject({ type });
      }
    }
  });

  it('echoes the type that the answer asked for, unless it would be another turn', () => {
    const sentWith = (nextType: string) =>
      decide(
        next(start(mobile), 'SUBMIT_PASSWORD', answer({ processCode: '10002', nextType })),
        'SUBMIT_CAPTCHA',
      );
    expect(sentWith('SUBMIT_CAPTCHA')).toEqual({ send: 'SUBMIT_CAPTCHA', type: 'SUBMIT_CAPTCHA' });
    expect(sentWith('SUBMIT_CAPTCHA_2')).toEqual({ send: 'SUBMIT_CAPTCHA', type: 'SUBMIT_CAPTCHA_2' });
    expect(sentWith('RESEND_CAPTCHA')).toEqual({ send: 'SUBMIT_CAPTCHA', type: 'SUBMIT_CAPTCHA' });
  });

  it('is the same turn again after "busy", its echoed type included', () => {
    const odd = next(start(mobile), 'SUBMIT_PASSWORD', answer({ processCode: '10002', nextType: 'ODD' }));
    const twice = busy(busy(odd, 'SUBMIT_CAPTCHA'), 'SUBMIT_CAPTCHA');
    expect(decide(twice, 'CONTINUE')).toEqual({ send: 'SUBMIT_CAPTCHA', type: 'ODD' });
  });

  it('is nothing after a "busy" answer to a wish for another code: no second SMS', () => {
    expect(decide(busy(captcha, 'RESEND_CAPTCHA'), 'CONTINUE')).toEqual({
      become: {
        kind: 'AWAITING_CAPTCHA',
        source: mobile,
        reason: 'RESENT',
        retry: false,
        requestBySms: false,
        prompt: '',
        type: 'SUBMIT_CAPTCHA',
      },
    });
  });
});

describe('the words', () => {
  it('are the provider’s in Chinese, ours where there are none or in English', () => {
    const silent = next(start(mobile), 'SUBMIT_PASSWORD', answer({ processCode: '10002', content: '' }));
    expect(wordsOf(captcha, 'zh')).toBe('原文');
    expect(wordsOf(silent, 'zh')).toBe('请输入短信验证码');
    expect(wordsOf(captcha, 'en')).toBe('Enter the code from the SMS');
    expect(wordsOf(asked('30000'), 'en')).toContain('(原文)');
    expect(wordsOf(start(mobile), 'zh')).toContain('江苏移动');
    expect(wordsOf(bySms, 'en')).toContain('CXXD');
    for (const [, state] of situations) {
      expect(wordsOf(state, 'zh')).not.toBe('');
      expect(wordsOf(state, 'en')).not.toBe('');
    }
  });
});

describe('generated conversations', () => {
  const pick = <Item>(...items: Item[]) => fc.constantFrom(...items);
  const said = fc.record({
    type: pick('CONTROL', 'CONTROL', 'CONTROL', 'ERROR', 'RUNNING', '', 'ODD'),
    content: pick('', '原文', '当前网站已经采集完成'),
    processCode: fc.oneof(
      { weight: 9, arbitrary: pick(...documentedCodes) },
      { weight: 1, arbitrary: pick('', '31200', '100017', '__proto__', 'constructor', '1e9') },
    ),
    nextType: pick(undefined, undefined, 'SUBMIT_CAPTCHA', 'SUBMIT_QUERY_PWD', 'RESEND_CAPTCHA', 'toString'),
    finish: fc.boolean(),
    nextSource: pick(undefined, undefined, shop, mobile),
    alreadyCollected: pick(false, false, false, false, true),
  });
  const turns = fc.array(fc.tuple(fc.nat(), said), { minLength: 1, maxLength: 12 });
  const allowed: Readonly<Record<Conversation['kind'], number>> = {
    AWAITING_PASSWORD: 1,
    AWAITING_CAPTCHA: 2,
    AWAITING_QUERY_PASSWORD: 1,
    WAITING: 1,
    PASSWORD_RESET_REQUIRED: 1,
    COLLECTION_STARTED: 0,
    FAILED: 0,
  };

  it('of 100,000 every one stays in legal states, can be kept as JSON, and reaches every kind', () => {
    const reached = new Set<string>();
    const property = fc.property(turns, (conversation) => {
      let state: Conversation = start(mobile);
      for (const [choice, answered] of conversation) {
        const actions = legalAnswers(state);
        if (actions.length !== allowed[state.kind]) throw new Error(`${state.kind} is not legal`);
        const action = actions[choice % actions.length];
        if (action === undefined) break;
        const decision = decide(state, action);
        if (!decision) throw new Error(`${action} is legal and undecided`);
        state = 'become' in decision ? decision.become : next(state, decision.send, answered);
        reached.add(placeOf(state));
        // What travels in a continuation is what comes back from it.
        state = JSON.parse(JSON.stringify(state)) as Conversation;
        if (wordsOf(state, 'zh') === '') throw new Error('no words');
      }
    });
    fc.assert(property, { numRuns: 100_000, seed: 20_240_101 });
    expect(reached.size).toBe(18);
  }, 20_000);
});
