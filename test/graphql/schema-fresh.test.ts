// What is generated and committed is what the code makes; and no input loses a member on its way in.
import { describe, expect, it } from '@jest/globals';
import { getMetadataStorage as validations } from 'class-validator';
import { getMetadataStorage as typeGraphql } from 'type-graphql';
import { buildSchema } from '../../src/graphql/schema.js';
import { runCommand } from '../support/command.js';

describe('schema.graphql', () => {
  it('is fresh', async () => {
    const { code, stderr } = await runCommand('dist/graphql/print-schema.js', ['--check']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('every input class', () => {
  it('has a class-validator decorator on each of its members, so that none goes unchecked', () => {
    buildSchema();
    const { inputTypes } = typeGraphql();
    expect(inputTypes.length).toBeGreaterThan(0);
    const bare = inputTypes.flatMap(({ target, fields }) => {
      const checked = new Set(
        validations()
          .getTargetValidationMetadatas(target, '', false, false)
          .map(({ propertyName }) => propertyName),
      );
      return (fields ?? [])
        .filter(({ name }) => !checked.has(name))
        .map(({ name }) => `${target.name}.${name}`);
    });
    expect(bare).toEqual([]);
  });
});
