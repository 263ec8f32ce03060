// Mainland numbers, each used once in a test file: the simulators refuse a second code for a number.
let used = 0;

/** A new number that ends in these four digits, which choose the sandbox's scenario. E.164. */
export function phoneWith(lastFour = '0000'): string {
  used += 1;
  return `+86138${String(used).padStart(4, '0')}${lastFour}`;
}
