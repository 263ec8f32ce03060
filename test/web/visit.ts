// A person with a browser: what they meet is watched, and what they see can be looked at closely.
/// <reference lib="dom" />
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';

export type Language = 'zh' | 'en';
export const languages = ['zh', 'en'] as const;

export const sizes = ['phone', 'desktop'] as const;
export type Size = (typeof sizes)[number];

const viewports = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 860 } },
};

/** How closely a page is looked at. */
export interface Looking {
  /** What axe may find at worst that is no fault yet; absent: nothing at all. EVERYTHING: it is not asked. */
  forgive?: 'MODERATE' | 'EVERYTHING';
  /** Selectors of what a library draws that can't be mended from here, and is not looked into. */
  without?: readonly string[];
  /** Rules of axe that speak of such a library alone. */
  withoutRules?: readonly string[];
}

export interface VisitOptions extends Looking {
  /** The server's address: no other host may be asked for anything. */
  url: string;
  language: Language;
  size?: Size;
  dark?: boolean;
  /** The folder that gets a picture of all that is looked at; absent: none is taken. */
  pictures?: string;
}

export interface Visit {
  readonly page: Page;
  readonly language: Language;
  /** The text in the visit's language. */
  say(zh: string, en: string): string;
  /** Nothing overflows, axe finds nothing, and a picture is taken where pictures are wanted. */
  look(name: string): Promise<void>;
  /** A fault of the network that a test causes is not the page's. */
  forgive(pattern: RegExp): void;
  /** What the page did wrong: errors on the console, requests to elsewhere, a layout that jumped. */
  end(): Promise<string[]>;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Above this, people tap on what was somewhere else a moment ago (web.dev/cls). */
const MOST_SHIFT = 0.1;
/** One fault often makes a hundred. */
const MOST_TOLD = 5;

export async function visit(browser: Browser, options: VisitOptions): Promise<Visit> {
  const { url, language, size = 'phone', dark = false, pictures } = options;
  const context = await browser.newContext({
    ...viewports[size],
    // A phone's pictures are as fine as its screen; what is only looked into costs a quarter so.
    ...(pictures && size === 'phone' ? { deviceScaleFactor: 2 } : {}),
    colorScheme: dark ? 'dark' : 'light',
    // What is looked at stands still.
    reducedMotion: 'reduce',
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  const forgiven: RegExp[] = [];
  const blame = (fault: string) => {
    if (!forgiven.some((pattern) => pattern.test(fault))) faults.push(fault);
  };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      blame(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => blame(`error: ${error.message}`));
  const { host } = new URL(url);
  const watch = (asked: string) => {
    if (/^(https?|wss?):/.test(asked) && new URL(asked).host !== host) blame(`elsewhere: ${asked}`);
  };
  page.on('request', (request) => watch(request.url()));
  page.on('websocket', (socket) => watch(socket.url()));
  const shifts: Shift[] = [];
  await page.exposeBinding('__shifted', (_source, shift: Shift) => {
    shifts.push(shift);
  });
  await page.addInitScript(watchShifts);
  await page.addInitScript((chosen) => localStorage.setItem('yanzheng:language', chosen), language);

  return {
    page,
    language,
    say: (zh, en) => (language === 'zh' ? zh : en),
    forgive: (pattern) => forgiven.push(pattern),
    async look(name) {
      if (pictures) {
        const path = `${pictures}/${name}.${language}.${dark ? 'dark.' : ''}${size}.png`;
        mkdirSync(dirname(path), { recursive: true });
        // What sticks to the top would stand in the middle of the picture.
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path, fullPage: true, animations: 'disabled' });
      }
      const out = await page.evaluate(whatOverflows, options.without ?? []);
      for (const what of out.slice(0, MOST_TOLD)) faults.push(`${name} overflows: ${what}`);
      for (const what of await whatAxeFinds(page, options)) faults.push(`${name}, axe: ${what}`);
    },
    async end() {
      await page.evaluate(() => new Promise(requestAnimationFrame));
      const { by, what } = worstShift(shifts);
      if (by >= MOST_SHIFT) faults.push(`the layout shifted by ${by.toFixed(3)}: ${what.join(' · ')}`);
      await context.close();
      return faults;
    },
  };
}

interface Shift {
  by: number;
  /** Milliseconds since 1970. */
  at: number;
  what: string;
}

/** As web.dev/cls sums up: shifts less than a second apart belong together, for five seconds at most. */
function worstShift(shifts: readonly Shift[]): { by: number; what: string[] } {
  let worst = { by: 0, what: [] as string[] };
  let present = { by: 0, what: [] as string[], from: Number.NEGATIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  for (const { by, at, what } of shifts) {
    const goesOn = at - present.to < 1_000 && at - present.from < 5_000;
    present = goesOn
      ? { by: present.by + by, what: [...present.what, what], from: present.from, to: at }
      : { by, what: [what], from: at, to: at };
    if (present.by > worst.by) worst = present;
  }
  return worst;
}

function watchShifts() {
  type Entry = PerformanceEntry & {
    value: number;
    hadRecentInput: boolean;
    sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
  };
  const tell = (window as unknown as { __shifted(shift: Shift): void }).__shifted;
  const nameOf = (node: Node | null) =>
    node instanceof Element ? `${node.localName}.${node.className}` : node?.nodeName;
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, startTime, sources } of list.getEntries() as Entry[]) {
      if (hadRecentInput) continue;
      const moves = sources.map(
        ({ node, previousRect, currentRect }) =>
          `${nameOf(node)} from ${Math.round(previousRect.y)} to ${Math.round(currentRect.y)}`,
      );
      const at = performance.timeOrigin + startTime;
      tell({ by: value, at, what: `${value.toFixed(3)} (${moves.join(', ')})` });
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** What sticks out of the window to the right, or out of its box without a way to scroll to it. */
function whatOverflows(without: readonly string[]): string[] {
  const wide = document.documentElement.clientWidth;
  const scrolls = (element: Element | null): boolean =>
    element !== null &&
    (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const nameOf = (element: Element) =>
    `${element.tagName.toLowerCase()}.${element.className} ${element.textContent?.slice(0, 40)}`;
  const all = [...document.body.querySelectorAll('*')].filter(
    (element) =>
      element instanceof HTMLElement &&
      !scrolls(element) &&
      !without.some((selector) => element.closest(selector)),
  );
  const out = all.filter((element) => element.getBoundingClientRect().right > wide + 1);
  const cut = all.filter(
    (element) =>
      element.scrollWidth > element.clientWidth + 1 &&
      element.clientWidth > 0 &&
      getComputedStyle(element).display !== 'inline',
  );
  return [...out, ...cut].map(nameOf);
}

async function whatAxeFinds(
  page: Page,
  { forgive, without = [], withoutRules = [] }: Looking,
): Promise<string[]> {
  if (forgive === 'EVERYTHING') return [];
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    ({ exclude, rules }) =>
      (window as unknown as { axe: Axe }).axe.run(
        { exclude },
        {
          resultTypes: ['violations'],
          rules: Object.fromEntries(rules.map((id) => [id, { enabled: false }])),
        },
      ),
    { exclude: without.map((selector) => [selector]), rules: withoutRules },
  );
  return violations
    .filter(({ impact }) => !forgive || impact === 'serious' || impact === 'critical')
    .map(
      ({ id, impact, nodes }) =>
        `${id} (${impact}): ${nodes
          .slice(0, MOST_TOLD)
          .map(({ html }) => html.slice(0, 120))
          .join(' · ')}`,
    );
}

interface Axe {
  run(context: object, options: object): Promise<AxeResults>;
}
