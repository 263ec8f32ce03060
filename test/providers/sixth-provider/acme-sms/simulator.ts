// Acme as its document would describe it: JSON, a key, known scenes, one code a minute for a number.
import type { Scenario, SimulatedAnswer, Simulator } from '../../../../src/providers/provider.js';
import { SANDBOX_KEY, SEND_PATH } from './wire.js';

const NEXT_AFTER_S = 60;

export const simulator: Simulator = {
  start(world) {
    const lastSent = new Map<string, number>();
    return [
      {
        operation: 'send',
        method: 'POST',
        path: SEND_PATH,
        answer({ contentType, body }) {
          if (!contentType.startsWith('application/json')) return json({ status: 'bad_request' });
          const { key, to, scene } = JSON.parse(body) as Record<string, unknown>;
          if (key !== SANDBOX_KEY) return json({ status: 'who_are_you' });
          if (scene !== 'welcome' && scene !== 'recover') return json({ status: 'bad_scene' });
          if (typeof to !== 'string' || !/^\+\d{7,15}$/.test(to)) return json({ status: 'bad_number' });
          const scenario = world.scenario(to);
          if (scenario === 'REFUSED') {
            return json({ status: 'blocked', reason: world.describe(to) }, scenario);
          }
          const now = world.now().getTime();
          const last = lastSent.get(to) ?? Number.NEGATIVE_INFINITY;
          if (scenario === 'RATE_LIMITED' || now - last < NEXT_AFTER_S * 1_000) {
            return json({ status: 'slow_down', retry_after: NEXT_AFTER_S }, scenario);
          }
          lastSent.set(to, now);
          const code = world.randomDigits(6);
          if (scenario !== 'HTTP_500') world.deliver({ phone: to, code, text: `[Acme] ${code}` });
          const sent = json(
            { status: 'sent', id: `acme-${world.randomDigits(8)}`, valid_for: 300 },
            scenario,
          );
          return { ...sent, accepted: { subject: to } };
        },
      },
    ];
  },
};

function json(body: unknown, scenario: Scenario = 'WELL'): SimulatedAnswer {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body), scenario };
}
