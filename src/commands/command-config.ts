// What commands on the log need of the environment: a database and keys, and nothing of what serving needs. Keys that
// are not given are absent, since a proof wants fewer of them than an export.
import { z } from 'zod';
import type { PublishedHeadsSettings } from '../audit/published-heads.js';
import {
  readPrivateKey,
  type SigningKeys,
  signingKeys,
  type TrustedKeys,
  trustedKeys,
} from '../audit/signing-keys.js';
import { developmentKeys } from '../auth/development-keys.js';
import { type Config, databaseOf, environment, publishedHeadsOf } from '../config.js';
import type { DatabaseSettings } from '../db/client.js';
import { StartupError } from '../errors.js';

export const commandKeys = ['DIGEST_KEY', 'SEAL_KEY', 'CHECKPOINT_KEY'] as const;
export type CommandKey = (typeof commandKeys)[number];

export interface CommandConfig {
  production: boolean;
  logLevel: string;
  database: DatabaseSettings;
  digestKey: Uint8Array | undefined;
  /** The current one first. */
  sealKeys: readonly [Uint8Array, ...Uint8Array[]] | undefined;
  checkpoints: {
    /** Absent where nothing can be signed. */
    keys: SigningKeys | undefined;
    trusted: TrustedKeys;
    published: PublishedHeadsSettings;
    everyMs: number;
  };
}

const shape = environment.pick({
  NODE_ENV: true,
  DATA_DIR: true,
  DATABASE_URL: true,
  DATABASE_OWNER_URL: true,
  DATABASE_DIRECT_URL: true,
  DATABASE_POOL: true,
  LOG_LEVEL: true,
  DIGEST_KEY: true,
  SEAL_KEY: true,
  OLD_SEAL_KEYS: true,
  CHECKPOINT_KEY: true,
  CHECKPOINT_PUBLIC_KEYS: true,
  CHECKPOINTS_FILE: true,
  CHECKPOINTS_URL: true,
  CHECKPOINT_MS: true,
});

/**
 * @param needs keys that must be given, or be there as development keys
 * @throws StartupError with a line a fault, each naming its variable
 */
export async function readCommandConfig(
  variables: Record<string, string | undefined>,
  needs: readonly CommandKey[],
): Promise<CommandConfig> {
  const env = read(variables);
  const production = env.NODE_ENV === 'production';
  const own = production ? undefined : await developmentKeys(env.DATA_DIR);
  const base64 = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text, 'base64'));
  const sealKey = base64(env.SEAL_KEY) ?? own?.sealKey;
  const privateKey = env.CHECKPOINT_KEY ?? (own && readPrivateKey(own.checkpointKey)) ?? undefined;
  const keys = privateKey && signingKeys(privateKey, env.CHECKPOINT_PUBLIC_KEYS);
  const config = {
    production,
    logLevel: env.LOG_LEVEL ?? 'warn',
    database: databaseOf(env),
    digestKey: base64(env.DIGEST_KEY) ?? own?.digestKey,
    sealKeys: sealKey && ([sealKey, ...env.OLD_SEAL_KEYS] as const),
    checkpoints: {
      keys,
      trusted: keys?.trusted ?? trustedKeys(env.CHECKPOINT_PUBLIC_KEYS ?? []),
      published: publishedHeadsOf(env),
      everyMs: env.CHECKPOINT_MS,
    },
  };
  const given = {
    DIGEST_KEY: config.digestKey,
    SEAL_KEY: config.sealKeys,
    CHECKPOINT_KEY: config.checkpoints.keys,
  };
  const missing = needs.filter((name) => given[name] === undefined);
  if (missing.length > 0) throw new StartupError(missing.map((name) => `${name} is needed for this`));
  if (config.checkpoints.trusted.size === 0) {
    throw new StartupError([
      'CHECKPOINT_PUBLIC_KEYS (or CHECKPOINT_KEY) is needed: it says whose checkpoints to trust',
    ]);
  }
  return config;
}

/** The same of a running server's configuration. */
export function commandConfigOf({
  production,
  logLevel,
  database,
  digestKey,
  sealKeys,
  checkpoints,
}: Config): CommandConfig {
  const { trusted } = checkpoints.keys;
  return { production, logLevel, database, digestKey, sealKeys, checkpoints: { ...checkpoints, trusted } };
}

/** Where the database is, whatever else is wrong. */
export function readDatabaseConfig(variables: Record<string, string | undefined>): DatabaseSettings {
  return databaseOf(read(variables));
}

function read(variables: Record<string, string | undefined>): z.output<typeof shape> {
  // A variable set to nothing counts as not set.
  const given = Object.entries(variables).filter(([, value]) => value !== undefined && value !== '');
  const { success, data, error } = shape.safeParse(Object.fromEntries(given));
  if (success) return data;
  throw new StartupError(error.issues.map(({ path, message }) => `${path.join('.')} ${message}`));
}
