// The last so many things by name, in the order in which they came: the first in is the first out.

export class Window<Value> {
  private readonly values = new Map<string, Value>();

  constructor(private readonly size: number) {}

  get(name: string): Value | undefined {
    return this.values.get(name);
  }

  /** @param name not among them yet, or it keeps its place */
  add(name: string, value: Value): void {
    this.values.set(name, value);
    if (this.values.size <= this.size) return;
    const [first] = this.values.keys();
    if (first !== undefined) this.values.delete(first);
  }
}
