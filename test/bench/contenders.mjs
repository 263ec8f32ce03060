// Who is measured: how each is started, how it is asked, and where its two rows a request are counted.
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { countRows, databaseUrl } from './databases.mjs';
import { withoutProof } from './without-proof-database.mjs';

const here = import.meta.dirname;

const document = (fields) =>
  `mutation RequestCode($phone: ${fields.phone}!) { requestVerificationCode(input: { account: { phone: $phone, purpose: REGISTER } }) { __typename ... on VerificationCodeSent { requestId maskedPhone expiresAt resendAt expiresInMs resendAfterMs replayed } ... on Refusal { requestId providerCode } } }`;

const rest = {
  path: '/verification-codes',
  body: (phone) => ({ phone, purpose: 'REGISTER' }),
  command: () => [join(here, 'contenders/rest.mjs')],
  count: ({ database }) =>
    countRows(
      database,
      `SELECT (SELECT count(*) FROM intent)::integer AS intents,
              (SELECT count(*) FROM outcome JOIN intent ON intent_id = id WHERE outcome = 'ACCEPTED')::integer AS outcomes`,
    ),
};

const graphql = (phoneType) => ({
  path: '/graphql',
  body: (phone) => ({ query: document({ phone: phoneType }), variables: { phone } }),
});

const entries = `
  SELECT (SELECT count(*) FROM audit_entry WHERE kind = 'INTENT')::integer AS intents,
         (SELECT count(*) FROM audit_entry e JOIN audit_record r ON r.id = e.record_id
           WHERE e.kind = 'OUTCOME' AND r.outcome = 'ACCEPTED')::integer AS outcomes`;

/** As `npm start` runs it, but from modules that lie apart: two contenders exchange one of them. */
const server = ['--enable-source-maps', '--max-semi-space-size=64'];

const yanzheng = {
  ...graphql('PhoneNumber'),
  command: () => [...server, 'dist/main.js'],
  env: (port) => ({ ...production, PUBLIC_URL: `http://127.0.0.1:${port}` }),
};

const { publicKey } = generateKeyPairSync('ed25519');
const production = {
  CLIENTS: 'bench',
  AUTH_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  AUTH_ISSUER: 'https://login.example.org',
  AUTH_AUDIENCE: 'yanzheng',
  DIGEST_KEY: randomBytes(32).toString('base64'),
  SEAL_KEY: randomBytes(32).toString('base64'),
  CHECKPOINT_KEY: generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'der' })
    .toString('base64'),
  USERCOIN_ALLOW_HTTP: 'true',
  DATABASE_POOL: '10',
  LIMITS_FILE: join(here, 'wide-limits.json'),
};

export const contenders = [
  { id: 'a', name: '(a) REST, axios', postgres: true, ...rest, env: () => ({ CALLS_WITH: 'axios' }) },
  { id: 'b', name: '(b) REST, undici', postgres: true, ...rest, env: () => ({ CALLS_WITH: 'undici' }) },
  {
    id: 'c',
    name: '(c) stock stack',
    postgres: true,
    ...graphql('String'),
    command: (snapshot) => [join(snapshot, 'test/bench/contenders/stock.js')],
    env: () => ({}),
    prepare: ({ database, snapshot }) => migrate(database, snapshot),
    // Created, and later updated: a row counts once for having an id and once for its settled_at.
    count: ({ database }) =>
      countRows(
        database,
        `SELECT count(*)::integer AS intents,
                count(*) FILTER (WHERE settled_at IS NOT NULL AND outcome = 'ACCEPTED')::integer AS outcomes
         FROM audit_record`,
      ),
  },
  {
    id: 'yz',
    name: '(yz) Yanzheng on Postgres',
    postgres: true,
    ...yanzheng,
    count: ({ database }) => countRows(database, entries),
  },
  {
    id: 'nl',
    name: '(nl) yz without limits and budgets',
    postgres: true,
    ...yanzheng,
    command: () => [...server, '--import', join(here, 'contenders/without-limits.mjs'), 'dist/main.js'],
    count: ({ database }) => countRows(database, entries),
  },
  {
    id: 'np',
    name: '(np) yz without chain, seals and rollups',
    postgres: true,
    ...yanzheng,
    command: () => [...server, '--import', join(here, 'contenders/without-proof.mjs'), 'dist/main.js'],
    env: (port) => ({ ...yanzheng.env(port), CHECKPOINT_MS: '60000' }),
    async prepare({ database, snapshot }) {
      migrate(database, snapshot);
      await withoutProof(databaseUrl(database));
    },
    count: ({ database }) => countRows(database, entries),
  },
  {
    id: 'd',
    name: '(d) Yanzheng embedded',
    postgres: false,
    ...yanzheng,
    async count({ dataDir }) {
      const lite = await PGlite.create(join(dataDir, 'database'));
      try {
        return (await lite.query(entries)).rows[0];
      } finally {
        await lite.close();
      }
    },
  },
];

function migrate(database, snapshot) {
  const { status, stderr } = spawnSync(process.execPath, ['dist/db/migrate-command.js'], {
    cwd: snapshot,
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl(database) },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the tables could not be made: ${stderr}`);
}

/** The bytes of a request, around eleven digits of a phone number. */
export function shapeOf({ path, body }, port) {
  const text = JSON.stringify(body('+86#'));
  const [before, after] = text.split('#');
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    `content-length: ${text.length - 1 + 11}`,
    'x-client-id: bench',
    'connection: keep-alive',
    '',
    '',
  ].join('\r\n');
  return { head, before, after };
}
