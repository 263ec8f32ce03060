// Starts processes on a core of their own choosing, reads what they used, and ends every one of them, however
// the bench ends.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Servers on the second core; load generator, upstream and, where it can be done, Postgres on the first. */
export const pinned = cpus().length > 1 && has('taskset');
const SERVER_CORE = '1';
const OTHERS_CORE = '0';
const dieWithUs = has('setpriv') ? ['setpriv', '--pdeathsig', 'KILL'] : [];

const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A contender's server. Its output is kept for the case that it fails. */
export function startServer(args, { env, cwd }) {
  return start(SERVER_CORE, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A script of ours with a channel; resolves once it has said its first word. */
export async function startHelper(script) {
  const child = start(OTHERS_CORE, [script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [word] = await once(child.process, 'message');
  return { ...child, word, ask: (message) => ask(child, message) };
}

async function ask(child, message) {
  child.process.send(message);
  const reply = await Promise.race([
    once(child.process, 'message').then(([reply]) => reply),
    child.ended.then(() => ({ fault: 'a helper of the bench has ended' })),
  ]);
  if (reply.fault) throw new Error(reply.fault);
  return reply;
}

function start(core, args, options) {
  const command = [...dieWithUs, ...(pinned ? ['taskset', '-c', core] : []), process.execPath, ...args];
  const child = spawn(command[0], command.slice(1), options);
  children.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output = (output + chunk).slice(-4_000);
    });
  }
  const ended = new Promise((resolve) => child.once('exit', resolve)).finally(() => children.delete(child));
  return {
    process: child,
    pid: child.pid,
    ended,
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(late);
    },
  };
}

function has(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Pins processes that are not ours to begin with, as far as we may. */
export function pinWithOthers(pids) {
  if (!pinned) return false;
  return pids.every(
    (pid) => spawnSync('taskset', ['-a', '-cp', OTHERS_CORE, String(pid)], { stdio: 'ignore' }).status === 0,
  );
}

/** CPU time of a process so far, all threads, user and system, in ms. */
export function cpuMs(pid) {
  // To the nanosecond where the kernel keeps it; /proc/PID/stat counts in steps of 10 ms.
  try {
    let nanoseconds = 0;
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    }
    if (nanoseconds > 0) return nanoseconds / 1e6;
  } catch {
    // No such file on this kernel.
  }
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Most memory that a process has held at a time, in MB. */
export function peakMemoryMb(pid) {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}
