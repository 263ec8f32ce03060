// What the last four digits of a number make every simulator do. 90xx concerns the first call of a
// conversation, 92xx the second and 93xx the third; anything else goes well.
import type { Scenario } from '../providers/provider.js';

const scenarios: Readonly<Record<string, Scenario>> = {
  '01': 'REFUSED',
  '02': 'RATE_LIMITED',
  '03': 'SILENT',
  '04': 'HTTP_500',
  '05': 'MALFORMED',
  '06': 'LATE',
  '07': 'RESET',
  '08': 'WRONG_SIGNATURE',
  '09': 'WEBHOOK_TWICE',
};

const prefixes: Readonly<Record<string, number>> = { '90': 1, '92': 2, '93': 3 };

/** @param step which call of its conversation this is, from 1 */
export function scenarioOf(subject: string, step = 1): Scenario {
  const digits = subject.slice(-4);
  if (prefixes[digits.slice(0, 2)] !== step) return 'WELL';
  return scenarios[digits.slice(2)] ?? 'WELL';
}

/** The text of a refusal, which names the scenario so that nobody looks for a real reason. */
export function describeScenario(subject: string): string {
  const digits = subject.slice(-4);
  const scenario = scenarios[digits.slice(2)];
  return scenario
    ? `沙箱场景 ${digits} (sandbox scenario ${digits}: ${scenario.toLowerCase()})`
    : '沙箱拒绝 (refused by the sandbox)';
}
