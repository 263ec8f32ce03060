// Calls webhooks as providers do: a form POST, repeated until the answer is `success`.
import { request } from 'undici';

/** Pauses before the second, third … attempt; the real ones wait minutes. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000];
const ANSWER_WITHIN_MS = 20_000;

export interface Notice {
  url: string;
  form: Readonly<Record<string, string>>;
  afterMs: number;
}

export class Notifier {
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopped = false;

  send(notice: Notice, attempt = 0): void {
    const timer = setTimeout(async () => {
      this.timers.delete(timer);
      const pause = PAUSES_MS[attempt];
      if (!(await deliver(notice)) && pause !== undefined && !this.stopped) {
        this.send({ ...notice, afterMs: pause }, attempt + 1);
      }
    }, notice.afterMs);
    this.timers.add(timer);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}

async function deliver({ url, form }: Notice): Promise<boolean> {
  try {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      body: new URLSearchParams(form).toString(),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await body.text();
    return statusCode === 200 && text.toLowerCase() === 'success';
  } catch {
    return false;
  }
}
