// Runs class-validator over every input object. type-graphql would do the same, and import it anew each time.
import { type ValidatorOptions, validateOrReject } from 'class-validator';
import { ArgumentValidationError } from 'type-graphql';

/** Not `whitelist`: it silently deletes members that lack a decorator. */
const options: ValidatorOptions = { forbidUnknownValues: true, skipMissingProperties: false };

/** @throws ArgumentValidationError naming members and rules */
export async function checkInput(value: unknown): Promise<void> {
  const inputs = (Array.isArray(value) ? value : [value]).filter(
    (input): input is object => typeof input === 'object' && input !== null && !(input instanceof Date),
  );
  try {
    for (const input of inputs) await validateOrReject(input, options);
  } catch (errors) {
    if (!Array.isArray(errors)) throw errors;
    throw new ArgumentValidationError(errors);
  }
}
