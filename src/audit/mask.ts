// How personal data looks to an auditor. Masks keep just enough to recognise what one already knows.

/**
 * `+8613800138000` → `138****8000`; other countries keep their code: `+85512345678` → `+855****5678`.
 * @param e164 a number in E.164
 */
export function maskPhone(e164: string): string {
  const mainland = /^\+86(\d{3})\d{4}(\d{4})$/.exec(e164);
  if (mainland) return `${mainland[1]}****${mainland[2]}`;
  return `${e164.slice(0, 4)}****${e164.slice(-4)}`;
}

/** Hides every run of five and more digits in a text that a stranger wrote, and bounds it to 128 characters. */
export function maskDigits(text: string): string {
  return text.replace(/\d{5,}/g, (run) => '*'.repeat(Math.min(run.length, 8))).slice(0, 128);
}
