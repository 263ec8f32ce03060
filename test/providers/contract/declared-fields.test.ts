// Every member of what an operation is really given, and of what it really answers, is declared; no secret among
// them may rest, and an auditor recognises nothing that an offer calls personal.
import { describe, expect, it } from '@jest/globals';
import { type Declared, masked, withoutSecrets } from '../../../src/audit/declared-fields.js';
import { declarationsOf } from '../../../src/providers/declarations.js';
import { providers } from '../../../src/providers/index.js';
import { type AnyOperation, type AnyValue, offeredCalls, offeredOperations, titled } from './offers.js';
import { newSubject, openStage } from './stage.js';

describe.each(titled(offeredCalls))('%s', (_, { provider, operation, described, call }) => {
  const told = (async () => {
    const stage = await openStage(provider);
    try {
      const subject = newSubject(described.subject);
      const input = await call.prepare(subject, stage.talk(call.variables));
      const ended = await stage.call(operation, input, call.variables);
      if (ended.is !== 'ACCEPTED') throw new Error(`it was ${ended.is}`);
      return { subject, input, value: ended.reply.accepted };
    } finally {
      await stage.close();
    }
  })();
  told.catch(() => {});
  const { inputFields, valueFields } = declared(operation);

  it('declares every member of its input and of its value', async () => {
    const { input, value } = await told;
    expect(undeclared(inputFields, input, 'input')).toEqual([]);
    expect(undeclared(valueFields, value, 'value')).toEqual([]);
  });

  it('has no secret that would rest', async () => {
    const { input, value } = await told;
    const rests = JSON.stringify([withoutSecrets(inputFields, input), withoutSecrets(valueFields, value)]);
    const secrets = [...secretsOf(inputFields, input), ...secretsOf(valueFields, value)];
    for (const member of described.secrets) secrets.push(...texts(value[member]));
    for (const member of described.inputSecrets) secrets.push(...texts((input as AnyValue)[member]));
    expect(secrets.filter((secret) => rests.includes(secret))).toEqual([]);
  });

  it('shows an auditor nothing of what the offer says must not rest', async () => {
    const { subject, input, value } = await told;
    const shown = JSON.stringify([
      masked(inputFields, withoutSecrets(inputFields, input)),
      masked(valueFields, withoutSecrets(valueFields, value)),
    ]);
    const personal = [subject.replace(/^\+86/, ''), ...call.neverRests(input)];
    expect(personal.filter((each) => each !== '' && shown.includes(each))).toEqual([]);
  });
});

describe.each(titled(offeredOperations))('%s', (_, { operation, described }) => {
  const { inputFields, valueFields } = declared(operation);

  it('declares every member of its documented answers', () => {
    for (const { means } of described.answers) {
      if ('accepted' in means) expect(undeclared(valueFields, means.accepted, 'value')).toEqual([]);
    }
  });

  it('declares secret what the offer says is', () => {
    for (const member of described.secrets) expect(valueFields).toHaveProperty(member, 'secret');
    for (const member of described.inputSecrets) expect(inputFields).toHaveProperty(member, 'secret');
  });

  it('is found by the names that its records have', () => {
    const fields = declarationsOf(providers)(operation.provider, operation.name);
    expect(fields).toEqual({ input: operation.inputFields, value: operation.valueFields });
  });
});

describe('an operation that no provider declares', () => {
  it.each([
    ['usercoin', 'sendFax'],
    ['nobody', 'sendCode'],
    [null, 'sendCode'],
    ['__proto__', 'constructor'],
  ])('is masked as a whole: %s.%s', (provider, operation) => {
    const { input, value } = declarationsOf(providers)(provider, operation);
    for (const fields of [input, value]) {
      expect(masked(fields, { code: '482915', person: { name: '张三' } })).toEqual({
        code: '***',
        person: '***',
      });
      expect(withoutSecrets(fields, { code: '482915' })).toEqual({});
    }
  });
});

/** What an operation says of itself; every value is declared as an object. */
function declared(operation: AnyOperation) {
  return operation as unknown as { inputFields: Declared; valueFields: Declared };
}

/** Paths of what a value holds and its declaration does not. */
function undeclared(fields: Declared | undefined, value: unknown, path: string): string[] {
  if (value === undefined) return [];
  if (fields === undefined) return [path];
  if (fields === 'secret' || value === null) return [];
  if (Array.isArray(fields)) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, place) => undeclared(fields[0], item, `${path}[${place}]`));
  }
  if (typeof value !== 'object') return typeof fields === 'string' ? [] : [`${path} is no object`];
  if (typeof fields === 'string') return [`${path} is no ${fields}`];
  const members = fields as Readonly<Record<string, Declared>>;
  return Object.entries(value).flatMap(([name, member]) =>
    undeclared(Object.hasOwn(members, name) ? members[name] : undefined, member, `${path}.${name}`),
  );
}

/** The values under what is declared secret. */
function secretsOf(fields: Declared, value: unknown): string[] {
  if (fields === 'secret') return texts(value);
  if (typeof fields === 'string' || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(fields)) return (value as unknown[]).flatMap((item) => secretsOf(fields[0], item));
  const held = value as Record<string, unknown>;
  return Object.entries(fields).flatMap(([name, field]) => secretsOf(field, held[name]));
}

function texts(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(texts);
  return value === undefined || value === null || value === '' ? [] : [String(value)];
}
