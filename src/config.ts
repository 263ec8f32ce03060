// Environment variables become one frozen, typed object here. Every fault is named at once, and stops the start.
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { exportJWK, importSPKI, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { PublishedHeadsSettings } from './audit/published-heads.js';
import { SHORTEST_RETENTION_MONTHS } from './audit/retention.js';
import { readPrivateKey, readPublicKeys, type SigningKeys, signingKeys } from './audit/signing-keys.js';
import { type IsProxy, noProxies, readProxies } from './auth/client-address.js';
import { developmentAudience, developmentIssuer, developmentKeys } from './auth/development-keys.js';
import type { TokenSettings } from './auth/tokens.js';
import type { DatabaseSettings } from './db/client.js';
import { StartupError } from './errors.js';
import { type LimitSettings, readLimits } from './limits/limits-file.js';
import type { Share } from './limits/shares.js';
import type { CommonSettings, Provider } from './providers/provider.js';

const port = z.coerce.number('must be a port number').int().min(0).max(65_535);
const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
  .optional();
const key = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 random bytes in base64; openssl rand -base64 32 makes them')
  .optional();
/** A text that `read` makes something of; null from it is the fault. */
const readBy = <Value>(read: (text: string) => Value | null, fault: string) =>
  z
    .string()
    .transform((text, context) => {
      const value = read(text);
      if (value === null) context.addIssue(fault);
      return value ?? z.NEVER;
    })
    .optional();
const onOff = z.enum(['on', 'off'], 'must be on or off').optional();

export const environment = z.object({
  NODE_ENV: z
    .enum(['production', 'development', 'test'], 'must be production, development or test')
    .default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(4000),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: postgresUrl,
  DATABASE_OWNER_URL: postgresUrl,
  DATABASE_DIRECT_URL: postgresUrl,
  DATABASE_REPLICA_URL: postgresUrl,
  DATABASE_POOL: z.coerce.number('must be a number').int().min(1).max(200).default(10),
  LIMITS_FILE: z.string().optional(),
  PATIENCE_MS: z.coerce.number('must be milliseconds').int().min(100).max(60_000).default(20_000),
  SANDBOX: onOff,
  SANDBOX_PORT: port.min(1).default(4010),
  EXPLORER: onOff,
  CONSOLE: onOff,
  H5: onOff,
  TRUSTED_PROXIES: readBy(
    readProxies,
    'must be addresses or networks of proxies separated by commas, none wider than /8 (IPv6: /7)',
  ),
  CORS_ORIGINS: z
    .string()
    .regex(
      /^[a-z][a-z\d+.-]*:\/\/[^\s/,*]+(,[a-z][a-z\d+.-]*:\/\/[^\s/,*]+)*$/,
      'must be origins such as https://app.example.org separated by commas',
    )
    .optional(),
  MAX_CONNECTIONS: z.coerce.number('must be a number').int().min(10).max(100_000).default(5_000),
  MAX_CONNECTIONS_PER_ADDRESS: z.coerce.number('must be a number').int().min(1).max(100_000).optional(),
  MAX_IN_FLIGHT: z.coerce.number('must be a number').int().min(1).max(100_000).default(2_000),
  RETURN_URLS: z
    .string()
    .optional()
    .transform((list) => list?.split(',') ?? [])
    .refine(
      (list) => list.every((url) => /^https?:/.test(url) && URL.canParse(url)),
      'must be http(s) addresses separated by commas',
    ),
  CLIENTS: z
    .string()
    .regex(/^[\w.-]{1,64}(,[\w.-]{1,64})*$/, 'must be names separated by commas')
    .optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/, 'must be 16 to 256 characters without spaces')
    .optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be a level of the log')
    .optional(),
  ACCOUNT_CODE_PROVIDER: z.string().default('usercoin'),
  AUTH_PUBLIC_KEY: z.string().optional(),
  AUTH_JWKS_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
  AUTH_ISSUER: z.string().min(1).optional(),
  AUTH_AUDIENCE: z.string().min(1).optional(),
  AUTH_ROLE_CLAIM: z.string().min(1).default('roles'),
  AUTH_CLIENT_CLAIM: z.string().min(1).default('azp'),
  DIGEST_KEY: key,
  SEAL_KEY: key,
  OLD_SEAL_KEYS: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=(,[A-Za-z0-9+/]{43}=)*$/, 'must be keys like SEAL_KEY separated by commas')
    .optional()
    .transform((list) => list?.split(',').map((text) => Buffer.from(text, 'base64')) ?? []),
  RETENTION_MONTHS: z.coerce
    .number('must be a number of months')
    .int()
    .min(SHORTEST_RETENTION_MONTHS, `must be ${SHORTEST_RETENTION_MONTHS} or more`)
    .optional(),
  CHECKPOINT_KEY: readBy(
    readPrivateKey,
    'must be an Ed25519 private key in PEM or base64; openssl genpkey -algorithm ed25519 makes one',
  ),
  CHECKPOINT_PUBLIC_KEYS: readBy(
    readPublicKeys,
    'must be Ed25519 public keys in PEM, or in base64 separated by commas',
  ),
  CHECKPOINTS_FILE: z.string().optional(),
  CHECKPOINTS_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
  CHECKPOINT_MS: z.coerce.number('must be milliseconds').int().min(100).max(60_000).default(2_000),
});
type Environment = z.output<typeof environment>;

export interface Config {
  production: boolean;
  http: {
    host: string;
    port: number;
    publicUrl: string | undefined;
    /** Whose word on a client's address counts. */
    isProxy: IsProxy;
    /** Of pages elsewhere that may call. */
    origins: readonly string[];
    maxConnections: number;
    connectionShare: Share;
    /** Requests that are worked on at once. */
    maxInFlight: number;
  };
  logLevel: string;
  /** Null: they are not served. Without a token, anybody who reaches the port may read them. */
  metrics: { token: string | undefined } | null;
  database: DatabaseSettings;
  sandbox: { production: boolean; host: string; port: number } | null;
  /** Where the simulators are, here or in another process; absent in production. */
  sandboxUrl: string | undefined;
  explorer: boolean;
  console: boolean;
  h5: boolean;
  /** Which provider sends codes for accounts. */
  accountCodeProvider: string;
  /** How long a front-end is kept waiting for a provider that takes minutes. */
  patienceMs: number;
  /** Where browsers may be sent after signing. */
  returnUrls: readonly string[];
  clients: { registered: ReadonlySet<string>; unnamed: string | undefined };
  /** Null where all are lifted, which production refuses. */
  limits: LimitSettings | null;
  tokens: TokenSettings;
  /** Where development tokens come from; absent in production. */
  developmentDataDir: string | undefined;
  /** The pepper of digests. */
  digestKey: Uint8Array;
  /** Seal what must rest unreadable: the current one, and those before it, which still open. */
  sealKeys: readonly [Uint8Array, ...Uint8Array[]];
  /** Months of the log that are kept; absent: all. */
  retentionMonths: number | undefined;
  checkpoints: {
    keys: SigningKeys;
    /** Where they are published outside the database. */
    published: PublishedHeadsSettings;
    /** An entry waits no longer than this for a checkpoint that covers it. */
    everyMs: number;
  };
  providers: { provider: Provider; settings: CommonSettings | null }[];
}

/** @throws StartupError with a line a fault, each naming its variable */
export async function readConfig(
  variables: Record<string, string | undefined>,
  providers: readonly Provider[],
): Promise<Config> {
  const faults: string[] = [];
  // A variable set to nothing counts as not set.
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const read = <Shape extends z.ZodType>(shape: Shape): z.output<Shape> | undefined => {
    const result = shape.safeParse(given);
    if (result.success) return result.data;
    for (const issue of result.error.issues) faults.push(`${issue.path.join('.')} ${issue.message}`);
    return undefined;
  };

  const env = read(environment);
  const ofProviders = providers.map((provider) => ({ provider, own: read(provider.environment) }));
  if (!env) throw new StartupError(faults);

  const production = env.NODE_ENV === 'production';
  checkMode(env, production, faults);
  const senders = providers.filter(({ accountCodes }) => accountCodes).map(({ id }) => id);
  if (!senders.includes(env.ACCOUNT_CODE_PROVIDER)) {
    faults.push(`ACCOUNT_CODE_PROVIDER must be one of ${senders.join(', ')}`);
  }
  const sandboxUrl = production ? undefined : `http://127.0.0.1:${env.SANDBOX_PORT}`;
  const configured = ofProviders.map(({ provider, own }) => ({
    provider,
    settings: own
      ? (provider.configure(
          own as Record<string, unknown>,
          { production, sandboxUrl: sandboxUrl && `${sandboxUrl}/${provider.id}` },
          faults,
        ) as CommonSettings | null)
      : null,
  }));
  const faultsBefore = faults.length;
  const limits = readLimits(env.LIMITS_FILE, faults);
  if (production && limits === null && faults.length === faultsBefore) {
    faults.push('LIMITS_FILE must not lift the limits in production');
  }
  const clients = readClients(env, production);
  if (env.H5 === 'on' && !clients.registered.has('h5'))
    faults.push('H5 must not be on where CLIENTS lacks h5');
  const keys = await readKeys(env, production, faults);
  if (faults.length > 0 || !keys) throw new StartupError(faults);
  const isProxy = env.TRUSTED_PROXIES ?? noProxies;

  return Object.freeze({
    production,
    http: {
      host: env.HOST,
      port: env.PORT,
      publicUrl: env.PUBLIC_URL?.replace(/\/$/, ''),
      isProxy,
      origins: env.CORS_ORIGINS?.split(',') ?? [],
      maxConnections: env.MAX_CONNECTIONS,
      connectionShare: {
        most: env.MAX_CONNECTIONS_PER_ADDRESS ?? Math.ceil(env.MAX_CONNECTIONS / 10),
        // Whoever is on this machine is no stranger from the network: a proxy, an operator, or development.
        isExempt: (address) => isLoopback(address) || isProxy(address),
      },
      maxInFlight: env.MAX_IN_FLIGHT,
    },
    metrics: production && env.METRICS_TOKEN === undefined ? null : { token: env.METRICS_TOKEN },
    logLevel: env.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    database: databaseOf(env),
    sandbox:
      production || env.SANDBOX === 'off' ? null : { production, host: '127.0.0.1', port: env.SANDBOX_PORT },
    sandboxUrl,
    explorer: env.EXPLORER ? env.EXPLORER === 'on' : !production,
    console: env.CONSOLE ? env.CONSOLE === 'on' : !production,
    // The page calls as the client h5: where that is not registered, it would be of no use.
    h5: env.H5 ? env.H5 === 'on' : clients.registered.has('h5'),
    accountCodeProvider: env.ACCOUNT_CODE_PROVIDER,
    patienceMs: env.PATIENCE_MS,
    returnUrls: env.RETURN_URLS,
    clients,
    limits,
    tokens: keys.tokens,
    developmentDataDir: production ? undefined : resolve(env.DATA_DIR),
    digestKey: keys.digestKey,
    sealKeys: [keys.sealKey, ...env.OLD_SEAL_KEYS] as const,
    retentionMonths: env.RETENTION_MONTHS,
    checkpoints: {
      keys: keys.checkpoints,
      published: publishedHeadsOf(env),
      everyMs: env.CHECKPOINT_MS,
    },
    providers: configured,
  });
}

export function databaseOf(
  env: Pick<
    Environment,
    | 'DATABASE_URL'
    | 'DATABASE_OWNER_URL'
    | 'DATABASE_DIRECT_URL'
    | 'DATABASE_REPLICA_URL'
    | 'DATA_DIR'
    | 'DATABASE_POOL'
  >,
): DatabaseSettings {
  return {
    url: env.DATABASE_URL,
    ownerUrl: env.DATABASE_OWNER_URL ?? env.DATABASE_DIRECT_URL,
    directUrl: env.DATABASE_DIRECT_URL,
    replicaUrl: env.DATABASE_REPLICA_URL,
    dataDir: env.DATA_DIR,
    poolSize: env.DATABASE_POOL,
  };
}

export function publishedHeadsOf(
  env: Pick<Environment, 'CHECKPOINTS_FILE' | 'CHECKPOINTS_URL' | 'DATA_DIR'>,
): PublishedHeadsSettings {
  return {
    file: resolve(env.CHECKPOINTS_FILE ?? join(env.DATA_DIR, 'checkpoints.ndjson')),
    url: env.CHECKPOINTS_URL,
  };
}

function checkMode(env: Environment, production: boolean, faults: string[]): void {
  if (!production && !isLoopback(env.HOST)) {
    faults.push(`HOST ${env.HOST} can be reached from outside, which needs NODE_ENV=production`);
  }
  if (!production) return;
  if (env.SANDBOX === 'on') faults.push('SANDBOX must not be on in production');
  if (!env.AUTH_PUBLIC_KEY && !env.AUTH_JWKS_URL) {
    faults.push('AUTH_PUBLIC_KEY (PEM or JWKS) or AUTH_JWKS_URL is needed in production');
  }
  for (const name of ['AUTH_JWKS_URL', 'CHECKPOINTS_URL'] as const) {
    if (env[name]?.startsWith('http:')) faults.push(`${name} must be https in production`);
  }
  for (const name of [
    'AUTH_ISSUER',
    'AUTH_AUDIENCE',
    'DIGEST_KEY',
    'SEAL_KEY',
    'CHECKPOINT_KEY',
    'CLIENTS',
    'PUBLIC_URL',
  ] as const) {
    if (!env[name]) faults.push(`${name} is needed in production`);
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function readClients(env: Environment, production: boolean): Config['clients'] {
  const named = env.CLIENTS?.split(',') ?? [];
  return production
    ? { registered: new Set(named), unnamed: undefined }
    : { registered: new Set(['h5', 'console', 'explorer', ...named]), unnamed: 'explorer' };
}

interface Keys {
  tokens: TokenSettings;
  digestKey: Uint8Array;
  sealKey: Uint8Array;
  checkpoints: SigningKeys;
}

async function readKeys(env: Environment, production: boolean, faults: string[]): Promise<Keys | null> {
  const own = production || faults.length > 0 ? undefined : await developmentKeys(env.DATA_DIR);
  const jwks =
    env.AUTH_PUBLIC_KEY === undefined ? own?.jwks : await readPublicKey(env.AUTH_PUBLIC_KEY, faults);
  const digestKey = env.DIGEST_KEY ? Buffer.from(env.DIGEST_KEY, 'base64') : own?.digestKey;
  const sealKey = env.SEAL_KEY ? Buffer.from(env.SEAL_KEY, 'base64') : own?.sealKey;
  const keys = env.AUTH_JWKS_URL ? { jwksUrl: env.AUTH_JWKS_URL } : jwks && { jwks };
  const checkpointKey = env.CHECKPOINT_KEY ?? (own && readPrivateKey(own.checkpointKey));
  if (!keys || !digestKey || !sealKey || !checkpointKey) return null;
  const tokens = {
    keys,
    issuer: env.AUTH_ISSUER ?? developmentIssuer,
    audience: env.AUTH_AUDIENCE ?? developmentAudience,
    roleClaim: env.AUTH_ROLE_CLAIM,
    clientClaim: env.AUTH_CLIENT_CLAIM,
  };
  const checkpoints = signingKeys(checkpointKey, env.CHECKPOINT_PUBLIC_KEYS);
  return { tokens, digestKey, sealKey, checkpoints };
}

/** A JWKS as JSON, or one public key as PEM (with `\n` for line ends where the variable holds one line). */
async function readPublicKey(text: string, faults: string[]): Promise<JSONWebKeySet | undefined> {
  try {
    if (text.trimStart().startsWith('{')) {
      const jwks = JSON.parse(text) as JSONWebKeySet;
      if (!Array.isArray(jwks.keys) || jwks.keys.length === 0) throw new Error('no keys');
      if (jwks.keys.some((key) => 'd' in key || 'k' in key)) {
        faults.push('AUTH_PUBLIC_KEY holds a private or symmetric key; it takes public keys only');
      }
      return jwks;
    }
    const pem = text.replaceAll('\\n', '\n');
    const algorithm = await firstThatReads(pem);
    return { keys: [algorithm] };
  } catch {
    faults.push('AUTH_PUBLIC_KEY must be a public key in PEM (Ed25519, P-256, P-384 or RSA) or a JWKS');
    return undefined;
  }
}

async function firstThatReads(pem: string) {
  for (const alg of ['EdDSA', 'ES256', 'ES384', 'RS256']) {
    try {
      return { ...(await exportJWK(await importSPKI(pem, alg, { extractable: true }))), alg };
    } catch {
      // Another kind of key.
    }
  }
  throw new Error('no kind of key fits');
}

/** For commands that only drop old months. @throws StartupError */
export function readRetention(variables: Record<string, string | undefined>): number | undefined {
  const { RETENTION_MONTHS } = variables;
  const read = environment
    .pick({ RETENTION_MONTHS: true })
    .safeParse({ RETENTION_MONTHS: RETENTION_MONTHS || undefined });
  if (!read.success) throw new StartupError([`RETENTION_MONTHS ${read.error.issues[0]?.message}`]);
  return read.data.RETENTION_MONTHS;
}
