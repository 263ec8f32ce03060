// From one declaration follows what rests, what an auditor sees and what a reveal shows; what was not declared, or
// is not what it was declared to be, comes through none of them.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Declared,
  type FieldKind,
  type Fields,
  masked,
  revealed,
  withoutSecrets,
} from '../../src/audit/declared-fields.js';

interface Wish {
  purpose: 'REGISTER' | 'OTHER';
  count?: number | undefined;
  phone: string;
  password: string;
  holder?: { name: string; idNumber: string; pin: string } | undefined;
  contacts?: readonly { name: string; address: string; token?: string }[] | undefined;
  tags: string[];
}

const fields: Fields<Wish> = {
  purpose: 'clear',
  count: 'clear',
  phone: 'phone',
  password: 'secret',
  holder: { name: 'name', idNumber: 'idNumber', pin: 'secret' },
  contacts: [{ name: 'name', address: 'personal', token: 'secret' }],
  tags: ['clear'],
};

const wish: Wish = {
  purpose: 'REGISTER',
  count: 2,
  phone: '+8613800138000',
  password: '73518264',
  holder: { name: '张三', idNumber: '110101194910011234', pin: '9071' },
  contacts: [{ name: '欧阳娜娜', address: '测试胡同七十三号', token: 'abc' }],
  tags: ['a', 'b'],
};

const sealed = {
  purpose: 'REGISTER',
  count: 2,
  phone: '+8613800138000',
  holder: { name: '张三', idNumber: '110101194910011234' },
  contacts: [{ name: '欧阳娜娜', address: '测试胡同七十三号' }],
  tags: ['a', 'b'],
};

describe('a declaration', () => {
  it('has to name every member, at every depth, and none that is not there', () => {
    type Person = { name: string; contacts?: { phone: string }[] };
    const whole: Fields<Person> = { name: 'name', contacts: [{ phone: 'phone' }] };
    // @ts-expect-error contacts is not declared
    const lacking: Fields<Person> = { name: 'name' };
    // @ts-expect-error a contact's phone is not declared
    const lackingWithin: Fields<Person> = { name: 'name', contacts: [{}] };
    // @ts-expect-error what is in the list has to be said, unless it is secret
    const unsaid: Fields<Person> = { name: 'name', contacts: 'clear' };
    // @ts-expect-error age is no member
    const further: Fields<Person> = { ...whole, age: 'clear' };
    expect([lacking, lackingWithin, unsaid, further]).toHaveLength(4);
  });
});

describe('withoutSecrets', () => {
  it('drops what is secret at every depth, and keeps the rest', () => {
    expect(withoutSecrets(fields, wish)).toEqual(sealed);
  });

  it('drops what nobody declared, and what is not what it was declared to be', () => {
    expect(withoutSecrets(fields, { ...wish, pin: '9071' })).toEqual(sealed);
    expect(withoutSecrets(fields, { ...wish, holder: 'pin 9071' })).not.toHaveProperty('holder');
    expect(withoutSecrets(fields, { ...wish, phone: { pin: '9071' } })).not.toHaveProperty('phone');
    expect(withoutSecrets(fields, { ...wish, contacts: { token: 'abc' } })).not.toHaveProperty('contacts');
    expect(withoutSecrets(fields, { ...wish, tags: [{ pin: '9071' }, 'a'] })).toMatchObject({ tags: ['a'] });
    expect(withoutSecrets(fields, 'password 73518264')).toBeUndefined();
  });

  it('leaves out what is absent, and keeps that something is null', () => {
    expect(withoutSecrets(fields, { phone: undefined, holder: null, password: null })).toEqual({
      holder: null,
    });
  });

  it('takes only what is a value’s own', () => {
    expect(withoutSecrets({ constructor: 'clear', toString: 'clear' } as Declared, {})).toEqual({});
    class Contact {
      name = '张三';
    }
    expect(withoutSecrets({ name: 'name' }, new Contact())).toEqual({ name: '张三' });
  });
});

describe('masked', () => {
  it('shows each by its mask', () => {
    expect(masked(fields, sealed)).toEqual({
      purpose: 'REGISTER',
      count: 2,
      phone: '138****8000',
      holder: { name: '张*', idNumber: '110***********1234' },
      contacts: [{ name: '欧***', address: '***' }],
      tags: ['a', 'b'],
    });
  });

  it.each<[string, unknown]>([
    ['a text', '13800138000'],
    ['a number', 13_800_138_000],
    ['true', true],
    ['null', null],
    ['a list', ['13800138000']],
    ['an object', { phone: '13800138000' }],
  ])('hides what nobody declared: %s', (_, value) => {
    expect(masked({}, { further: value })).toEqual({ further: '***' });
    expect(masked(fields, { ...sealed, further: value })).toMatchObject({ further: '***' });
    expect(masked({}, { constructor: value })).toEqual({ constructor: '***' });
  });

  it('hides what is not what it was declared to be', () => {
    expect(
      masked(fields, { purpose: { a: 1 }, phone: ['1'], holder: '张三', contacts: {}, tags: 'a' }),
    ).toEqual({ purpose: '***', phone: '***', holder: '***', contacts: '***', tags: '***' });
    expect(masked(fields, { contacts: ['张三', [{ name: '张三' }]], tags: ['a', ['b']] })).toEqual({
      contacts: ['***', '***'],
      tags: ['a', '***'],
    });
    for (const odd of ['张三', 7, [sealed]]) expect(masked(fields, odd)).toBe('***');
  });

  it('hides a secret that was sealed before it was declared one', () => {
    expect(masked({ code: 'secret', none: 'secret' }, { code: '482915', none: null })).toEqual({
      code: '***',
      none: '***',
    });
  });

  it('masks a number like a text', () => {
    expect(masked({ phone: 'phone', name: 'name' }, { phone: 13_800_138_000, name: 7 })).toEqual({
      phone: '138****8000',
      name: '***',
    });
  });
});

describe('revealed', () => {
  it('shows all but secrets and what nobody declared', () => {
    expect(revealed(fields, sealed)).toEqual(sealed);
    expect(revealed(fields, { ...sealed, password: '73518264', further: 'x' })).toEqual(sealed);
  });
});

const kind = fc.constantFrom<FieldKind>('clear', 'phone', 'name', 'idNumber', 'personal', 'secret');
const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'length');
const declared = fc.letrec<{ declared: Declared }>((tie) => ({
  declared: fc.oneof(
    { maxDepth: 4 },
    kind,
    fc.tuple(tie('declared')),
    fc.array(fc.tuple(name, tie('declared'))).map((members) => Object.fromEntries(members)),
  ),
})).declared;
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.anything(),
    fc.string(),
    fc.array(tie('value')),
    fc.array(fc.tuple(name, tie('value'))).map((members) => Object.fromEntries(members)),
  ),
})).value;

describe('whatever is declared and whatever comes', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(declared, value, (fields, came) => {
        withoutSecrets(fields, came);
        revealed(fields, came);
        masked(fields, came);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps nothing more the second time, and can be written as JSON', () => {
    fc.assert(
      fc.property(declared, value, (fields, came) => {
        const once = withoutSecrets(fields, came);
        expect(withoutSecrets(fields, once)).toEqual(once);
        if (once !== undefined) expect(typeof JSON.stringify(once)).toBe('string');
      }),
      { numRuns: 2_000 },
    );
  });

  it('shows no whole text but what is declared clear', () => {
    const text = fc.stringMatching(/^[\p{L}\d]{1,30}$/u);
    const hidden = fc.constantFrom<FieldKind>('phone', 'name', 'idNumber', 'personal', 'secret');
    fc.assert(
      fc.property(hidden, text, text, (kind, known, further) => {
        const shown = masked(
          { known: kind, list: [kind], within: { known: kind } },
          {
            known,
            list: [known],
            within: { known, further },
            further,
          },
        ) as Record<string, unknown>;
        expect(shown.further).toBe('***');
        expect(shown.within).toEqual({ known: shown.known, further: '***' });
        expect(shown.list).toEqual([shown.known]);
        expect(shown.known).not.toContain(known);
      }),
      { numRuns: 1_000 },
    );
  });
});
