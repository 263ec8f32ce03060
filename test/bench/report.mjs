// The numbers as Markdown: medians over the rounds, and ratios with their spread.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

export function benchReport(results, { loadBefore, pinnedText, plan, postgres }) {
  const lines = [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, Postgres ${postgres}, ${cpus().length} × ${cpus()[0]?.model.trim()}; ${plan.name}: ${plan.rounds} rounds of ${plan.busyMs / 1_000} s at 64 connections and ${plan.aloneMs / 1_000} s at 1; ${pinnedText}; load average before it ${loadBefore}${loadBefore > 0.5 ? ' (**the machine was not idle**)' : ''}.`,
    '',
    table(
      [
        'medians of the rounds',
        'CPU µs a request at 64',
        'at 1',
        'requests/s at 64',
        'at 1',
        'p50 / p99 ms at 64',
        'at 1',
        'server core busy at 64',
        "Postgres' CPU µs at 64",
        'peak memory MB',
        'first answer after ms: fresh / again',
        'answers → intents + outcomes',
      ],
      results.map(({ name, busy, alone, memoryMb, freshMs, againMs, rows }) => [
        name,
        whole(median(busy.map(({ cpuUs }) => cpuUs))),
        whole(median(alone.map(({ cpuUs }) => cpuUs))),
        whole(median(busy.map(({ perSecond }) => perSecond))),
        whole(median(alone.map(({ perSecond }) => perSecond))),
        quantiles(busy),
        quantiles(alone),
        `${whole(100 * median(busy.map((phase) => phase.busy)))} %`,
        busy[0].databaseUs === undefined ? '–' : whole(median(busy.map(({ databaseUs }) => databaseUs))),
        whole(memoryMb),
        `${whole(freshMs)} / ${whole(againMs)}`,
        `${rows.answered} → ${rows.intents} + ${rows.outcomes}${rows.complete ? '' : ' **DISQUALIFIED**'}`,
      ]),
    ),
    '',
    table(
      ['CPU a request, ratio of a round: min – median – max', 'at 64', 'at 1'],
      [
        ['yz', 'a'],
        ['yz', 'b'],
        ['yz', 'c'],
        ['yz', 'nl'],
        ['yz', 'np'],
        ['d', 'a'],
      ].map(([one, other]) => [
        `${one} / (${other})`,
        spread(results, one, other, 'busy'),
        spread(results, one, other, 'alone'),
      ]),
    ),
  ];
  return lines.join('\n');
}

/** Logs of several lengths beside each other, and how much longer the last takes than the first. */
export function auditReport(logs, { loadBefore, loadAfter, rounds }) {
  const last = logs.at(-1);
  const ms = (number) => number.toFixed(number < 10 ? 1 : 0);
  const length = ({ records }) => records.toLocaleString('en');
  const groups = groupsOf(logs[0].results);
  return [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}; best of ${rounds} rounds of 40; load average ${loadBefore} before it and ${loadAfter} after${loadBefore > 0.5 ? ' (**the machine was not idle**)' : ''}.`,
    '',
    ...logs.map((log) => `- ${length(log)} records, ${log.size}: ${log.scans} sequential scans`),
    ...Array.from(groups, ([group, results]) => [
      '',
      table(
        [group, ...logs.flatMap((log) => [`p50 / p95 ms at ${length(log)}`, 'CPU ms']), 'CPU, last / first'],
        results.map(({ name }) => {
          const same = logs.map((log) => log.results.find((one) => one.group === group && one.name === name));
          return [
            name,
            ...same.flatMap(({ p50, p95, cpu }) => [`${ms(p50)} / ${ms(p95)}`, ms(cpu)]),
            (same.at(-1).cpu / same[0].cpu).toFixed(2),
          ];
        }),
      ),
    ]).flat(),
    '',
    `Of all pages at ${length(last)}: p95 at most ${ms(Math.max(...last.results.filter(({ group }) => group !== 'in numbers').map(({ p95 }) => p95)))} ms.`,
  ].join('\n');
}

function groupsOf(results) {
  const groups = new Map();
  for (const result of results) groups.set(result.group, [...(groups.get(result.group) ?? []), result]);
  return groups;
}

function spread(results, one, other, phase) {
  const of = (id) => results.find((result) => result.id === id);
  const [upper, lower] = [of(one), of(other)];
  if (!upper || !lower) return 'not measured';
  if (!upper.rows.complete || !lower.rows.complete) return 'disqualified';
  const ratios = upper[phase].map(({ cpuUs }, round) => cpuUs / lower[phase][round].cpuUs);
  return [Math.min(...ratios), median(ratios), Math.max(...ratios)].map((n) => n.toFixed(2)).join(' – ');
}

function quantiles(phases) {
  return [median(phases.map(({ p50 }) => p50)), median(phases.map(({ p99 }) => p99))]
    .map((ms) => ms.toFixed(ms < 10 ? 2 : 0))
    .join(' / ');
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function whole(number) {
  return String(Math.round(number));
}

/** Replaces what stands between the markers of that name in README.md. */
export function writeReport(name, text) {
  const file = join(import.meta.dirname, 'README.md');
  const readme = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no markers ${begin} … ${end}`);
  writeFileSync(file, `${readme.slice(0, from)}${begin}\n${text}\n${readme.slice(to)}`);
}
