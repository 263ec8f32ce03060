// Hands on a keyboard: no mouse, no finger, and no script that moves the focus for them.
import assert from 'node:assert/strict';
import type { Visit } from './visit.js';

const MOST_PRESSES = 80;

/** Presses the key until the control of that name has the focus, which has to show. */
export async function goTo({ page }: Visit, name: string | RegExp, key = 'Tab'): Promise<void> {
  const met: string[] = [];
  for (let press = 0; press < MOST_PRESSES; press += 1) {
    await page.keyboard.press(key);
    const focused = await page.evaluate(whatHasFocus);
    met.push(focused.name);
    if (typeof name === 'string' ? focused.name !== name : !name.test(focused.name)) continue;
    assert.ok(focused.shows, `the focus on ${name} shows`);
    return;
  }
  throw new Error(`${key} does not lead to ${name}, but to ${[...new Set(met)].join(' · ')}`);
}

/** Goes to a field, and writes over what is there. */
export async function writeInto(visit: Visit, name: string | RegExp, text: string): Promise<void> {
  await goTo(visit, name);
  await visit.page.keyboard.press('ControlOrMeta+A');
  await visit.page.keyboard.type(text);
}

function whatHasFocus(): { name: string; shows: boolean } {
  const element = document.activeElement as HTMLInputElement;
  const name = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent;
  // A radio button may be drawn by what stands beside it, a field by what is around it.
  const around = 'label, .ant-input-affix-wrapper, .ant-picker, .ant-select';
  const drawn = [element, element.nextElementSibling, element.closest(around)].filter((one) => one !== null);
  const shows = drawn.some((one) => {
    const { outlineStyle, boxShadow } = getComputedStyle(one);
    return outlineStyle !== 'none' || boxShadow !== 'none';
  });
  return { name: (name ?? '').trim(), shows };
}
