// Where the CPU of a mutation goes: samples of V8's profiler while 64 connections ask, told apart twice, by who was
// running and by the stage of the request that it ran for.
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from './report.mjs';

const TOP = 40;

/**
 * @param one prepared and not started
 * @param keep where to leave the raw profile, if anywhere
 */
export async function profileReport(one, { warmUpRequests, warmUpMs, profileMs, connections }, keep) {
  const folder = join(one.dataDir, 'profile');
  await one.start(['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500']);
  await one.warmUp(warmUpRequests, warmUpMs);
  const phase = await one.load(connections, profileMs);
  console.error(`${phase.answered} requests; window ${phase.beganAt} ${phase.endedAt}`);
  await one.stop();
  const rows = await one.countRows();
  if (!rows.complete) throw new Error(`rows are missing: ${JSON.stringify(rows)}`);
  const [file] = existsSync(folder) ? readdirSync(folder) : [];
  if (!file) throw new Error(`${one.contender.name} left no profile when it was ended`);
  if (keep) copyFileSync(join(folder, file), keep);
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const { samples, busyUs } = samplesOf(profile, phase);
  // The profiler says who ran; the kernel says how much CPU that was, threads of V8 and libuv included.
  const scale = phase.cpuUs / busyUs;
  const us = (microseconds) => (microseconds * scale).toFixed(1);
  const share = (microseconds) => `${((100 * microseconds) / busyUs).toFixed(1)} %`;

  const totals = (keyOf) => {
    const sums = new Map();
    for (const { stack, microseconds } of samples) {
      const key = keyOf(stack);
      sums.set(key, (sums.get(key) ?? 0) + microseconds);
    }
    return [...sums].sort(([, one], [, other]) => other - one);
  };
  const list = (head, sums) =>
    table(
      [head, 'µs a request', 'share'],
      sums.map(([name, microseconds]) => [name, us(microseconds), share(microseconds)]),
    );

  return [
    `${one.contender.name}: ${phase.answered} requests at ${connections} connection(s), ${Math.round(phase.cpuUs)} µs of CPU each with the profiler on.`,
    '',
    'By stage of the request: each sample counts for the innermost stage on its stack.',
    '',
    list('stage', totals(stageOf)),
    '',
    'By who was running (self time).',
    '',
    list('module', totals(([leaf]) => moduleOf(leaf)).slice(0, TOP)),
    '',
    'The functions that took most (self time).',
    '',
    list('function', totals(([leaf]) => `${moduleOf(leaf)}: ${nameOf(leaf)}`).slice(0, TOP)),
  ].join('\n');
}

/** Samples between the phase's first request and its last answer, without idle ones; stacks innermost first. */
function samplesOf({ nodes, samples, timeDeltas, startTime }, { beganAt, endedAt }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node;
  const stacks = new Map();
  const stackOf = (id) => {
    const known = stacks.get(id);
    if (known) return known;
    const stack = [];
    for (let node = byId.get(id); node?.parent; node = node.parent) stack.push(node.callFrame);
    stacks.set(id, stack);
    return stack;
  };
  // V8 and process.hrtime read the same monotonic clock.
  const [from, to] = [Number(BigInt(beganAt) / 1_000n), Number(BigInt(endedAt) / 1_000n)];
  const kept = [];
  let busyUs = 0;
  let at = startTime;
  samples.forEach((id, index) => {
    at += timeDeltas[index];
    const microseconds = timeDeltas[index + 1] ?? 0;
    const stack = stackOf(id);
    if (at < from || at > to || stack.length === 0 || stack[0].functionName === '(idle)') return;
    kept.push({ stack, microseconds });
    busyUs += microseconds;
  });
  return { samples: kept, busyUs };
}

function moduleOf({ functionName, url }) {
  if (url === '') return functionName === '(garbage collector)' ? 'garbage collection' : 'native code';
  if (url.startsWith('node:'))
    return `node ${
      url
        .slice(5)
        .replace(/^internal\//, '')
        .split('/')[0]
    }`;
  if (url.startsWith('wasm:')) return 'WebAssembly';
  const dependency = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (dependency) return dependency;
  const own = /\/dist\/(.*)\.js$/.exec(url)?.[1];
  return own ? `src/${own}.ts` : url;
}

function nameOf({ functionName, url, lineNumber }) {
  const place = url === '' ? '' : ` (${url.split('/').at(-1)}:${lineNumber + 1})`;
  return `\`${functionName || 'anonymous'}\`${place}`;
}

/** Whose work a sample is: the innermost frame that one of these fits. */
const stages = [
  ['GC', ({ module }) => module === 'garbage collection'],
  ['embedded database', ({ module }) => /^(@electric-sql\/|pglite-)/.test(module)],
  ['driver: Prisma', ({ module }) => /^(@prisma\/|src\/db\/)/.test(module)],
  ['driver: pg', ({ module }) => /^(pg|postgres)(-|$)/.test(module)],
  [
    'upstream call',
    ({ module }) => /^(axios|undici|cockatiel|src\/providers\/http|src\/pipeline\/call)/.test(module),
  ],
  ['upstream: request made, answer read', ({ module }) => /^(src\/providers\/|zod)/.test(module)],
  ['ledger', ({ module }) => /^(src\/pipeline\/|src\/audit\/|src\/limits\/|canonicalize$)/.test(module)],
  [
    'input checks',
    ({ module }) => /^(class-validator|validator|libphonenumber-js|src\/phone-number)/.test(module),
  ],
  [
    'input checks',
    ({ module, file }) =>
      (module === 'type-graphql' && /(validate-arg|types|convertToType)\./.test(file)) ||
      (module === 'graphql' && /(values|coerceInputValue)\.m?js$/.test(file)),
  ],
  [
    'parse and validate (cached: look-up)',
    ({ module, file, name }) =>
      (module === 'graphql' && /\/(language|validation)\//.test(file)) ||
      name === 'computeQueryHash' ||
      module === '@apollo/utils.createhash',
  ],
  [
    'execute',
    ({ module }) =>
      /^(graphql$|graphql-scalars|@graphql-tools|type-graphql|src\/features|src\/auth)/.test(module),
  ],
  [
    'answer',
    ({ module, file, name }) =>
      name === 'prettyJSONStringify' ||
      file === 'node:_http_outgoing' ||
      (module === 'fastify' && /\/reply\.js$/.test(file)),
  ],
  ['Apollo', ({ module }) => /^(@apollo\/|@as-integrations\/|negotiator|whatwg-|src\/graphql)/.test(module)],
  ['HTTP: security headers', ({ module }) => /^(@fastify\/helmet|helmet)/.test(module)],
  [
    'HTTP: Fastify and its hooks',
    ({ module }) => /^(@?fastify|find-my-way|avvio|secure-json|light-my|src\/http-server|uuid)/.test(module),
  ],
  ["HTTP: Node's server", ({ file }) => /^node:(_http_|internal\/http)/.test(file)],
  ['the handler itself', ({ file }) => /\/contenders\//.test(file)],
];

/** Where no frame is anybody's work. */
const remainders = [
  ['timers', ({ file }) => /^node:internal\/timers/.test(file)],
  ['sockets of nobody in particular', ({ file }) => /^node:(net|internal\/stream)/.test(file)],
  ['promises and ticks', ({ file, name }) => /process\/task_queues$/.test(file) || name === 'runMicrotasks'],
];

function stageOf(stack) {
  const frames = stack.map((frame) => ({
    module: moduleOf(frame),
    file: frame.url,
    name: frame.functionName,
  }));
  for (const rules of [stages, remainders]) {
    for (const frame of frames) {
      const found = rules.find(([, fits]) => fits(frame));
      if (found) return found[0];
    }
  }
  return 'event loop and system calls';
}
