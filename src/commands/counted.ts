// Numbers for people.

/** `1,234`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 entry`, `1,234 entries`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
