// Contenders (a) and (b): the hand-written handler. node:http, pg, and for the call either axios on its own Node
// adapter (CALLS_WITH=axios) or undici's pool without axios (CALLS_WITH=undici). Two durable rows a request, one by one.
import { randomUUID } from 'node:crypto';
import { Agent, createServer } from 'node:http';
import axios from 'axios';
import pg from 'pg';
import { Pool as UndiciPool } from 'undici';

const { PORT, DATABASE_URL, USERCOIN_URL, CALLS_WITH } = process.env;
const DEADLINE_MS = 8_000;
const types = { REGISTER: '1', RESET_PASSWORD: '2' };

const database = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await database.query(`
  CREATE TABLE IF NOT EXISTS intent (
    id uuid PRIMARY KEY, provider text NOT NULL, operation text NOT NULL, purpose text NOT NULL,
    masked_phone text NOT NULL, client text, created_at timestamptz NOT NULL)`);
await database.query(`
  CREATE TABLE IF NOT EXISTS outcome (
    intent_id uuid PRIMARY KEY REFERENCES intent, outcome text NOT NULL, provider_code text,
    latency_ms integer NOT NULL, settled_at timestamptz NOT NULL)`);

const call = CALLS_WITH === 'axios' ? withAxios() : withUndici();

function withAxios() {
  const client = axios.create({
    baseURL: USERCOIN_URL,
    adapter: 'http',
    httpAgent: new Agent({ keepAlive: true, maxSockets: 256 }),
    timeout: DEADLINE_MS,
  });
  return async (form) => {
    const { data } = await client.post('/api/Smssend/doSend', new URLSearchParams(form));
    // usercoin calls its JSON text/html; axios reads it as JSON all the same.
    return data;
  };
}

function withUndici() {
  const pool = new UndiciPool(USERCOIN_URL, { connections: 256, headersTimeout: DEADLINE_MS });
  return async (form) => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: '/api/Smssend/doSend',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    });
    if (statusCode !== 200) throw new Error(`usercoin answered ${statusCode}`);
    return body.json();
  };
}

async function sendCode({ phone, purpose }, client) {
  const type = types[purpose];
  if (typeof phone !== 'string' || !/^\+861[3-9]\d{9}$/.test(phone) || type === undefined) return null;
  const requestId = randomUUID();
  const maskedPhone = `${phone.slice(3, 6)}****${phone.slice(-4)}`;
  await database.query({
    name: 'intent',
    text: `INSERT INTO intent (id, provider, operation, purpose, masked_phone, client, created_at)
           VALUES ($1, 'usercoin', 'sendCode', $2, $3, $4, now())`,
    values: [requestId, purpose, maskedPhone, client],
  });

  const began = performance.now();
  const { code, data } = await call({
    mobile: phone,
    uuid: '',
    username: '',
    type,
    internationalCode: '+86',
  });
  const sent = Number(code) === 0;
  await database.query({
    name: 'outcome',
    text: `INSERT INTO outcome (intent_id, outcome, provider_code, latency_ms, settled_at)
           VALUES ($1, $2, $3, $4, now())`,
    values: [requestId, sent ? 'ACCEPTED' : 'REFUSED', String(code), Math.round(performance.now() - began)],
  });
  if (!sent) return { __typename: 'Refusal', requestId, providerCode: String(code) };
  const now = Date.now();
  return {
    __typename: 'VerificationCodeSent',
    requestId,
    maskedPhone,
    expiresAt: new Date(now + data.timeless * 1_000).toISOString(),
    resendAt: new Date(now + data.nexttime * 1_000).toISOString(),
    expiresInMs: data.timeless * 1_000,
    resendAfterMs: data.nexttime * 1_000,
    replayed: false,
  };
}

const server = createServer(async (request, response) => {
  const answer = (status, json) => {
    const body = JSON.stringify(json);
    response
      .writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      })
      .end(body);
  };
  try {
    if (request.method !== 'POST' || request.url !== '/verification-codes') {
      return answer(404, { error: 'not found' });
    }
    let body = '';
    request.setEncoding('utf8');
    for await (const chunk of request) {
      body += chunk;
      if (body.length > 65_536) return answer(413, { error: 'too large' });
    }
    const done = await sendCode(JSON.parse(body), request.headers['x-client-id']);
    return done ? answer(200, done) : answer(400, { error: 'phone or purpose is not valid' });
  } catch (error) {
    console.error(error.message);
    return answer(500, { error: 'internal' });
  }
});
server.keepAliveTimeout = 30_000;
process.on('SIGTERM', () => process.exit());
server.listen(Number(PORT), '127.0.0.1');
