// How personal data looks to an auditor. Masks keep just enough to recognise what one already knows.

/** Stands for what is hidden altogether. */
export const MASK = '***';

/**
 * `+8613800138000` → `138****8000`; other countries keep their code: `+85512345678` → `+855****5678`; landlines:
 * `010-87654321` → `010****4321`. Of fewer than ten digits nothing is kept, since little would be hidden.
 * @param number in E.164, or as people write it
 */
export function maskPhone(number: string): string {
  const mainland = /^\+86(\d{3})\d{4}(\d{4})$/.exec(number);
  if (mainland) return `${mainland[1]}****${mainland[2]}`;
  const digits = number.normalize('NFKC').replace(/\D/g, '');
  if (digits.length < 10) return MASK;
  return `${number.startsWith('+') ? '+' : ''}${digits.slice(0, 3)}****${digits.slice(-4)}`;
}

const characters = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** `张三` → `张*`, `Li Lei` → `L*****`: the first letter, and at most eight stars. */
export function maskName(name: string): string {
  // A name is shorter, and only its beginning decides.
  const [first = '', ...others] = Array.from(
    characters.segment(name.trim().slice(0, 128)),
    ({ segment }) => segment,
  );
  // Marks may be piled on a letter without end, and what is no letter is no beginning of a name.
  if (others.length === 0 || first.length > 4 || !/^\p{L}/u.test(first)) return MASK;
  return first + '*'.repeat(Math.min(others.length, 8));
}

/** `110101194910011234` → `110***********1234`; what has not 18 places is hidden altogether. */
export function maskIdNumber(idNumber: string): string {
  const parts = /^(\d{3})\d{11}(\d{3}[\dXx])$/.exec(idNumber);
  return parts ? `${parts[1]}${'*'.repeat(11)}${parts[2]}` : MASK;
}

/** Hides every run of five and more digits in a text that a stranger wrote, and bounds it to 128 characters. */
export function maskDigits(text: string): string {
  return text.replace(/\d{5,}/g, (run) => '*'.repeat(Math.min(run.length, 8))).slice(0, 128);
}
