// Keeps the newest items up to a bound, so that a sandbox that runs for weeks does not fill the memory.

export class BoundedLog<Item> {
  private items: Item[] = [];

  constructor(private readonly bound: number) {}

  add(item: Item): void {
    this.items.push(item);
    // Dropping a quarter at once keeps adding cheap.
    if (this.items.length > this.bound) this.items = this.items.slice(Math.ceil(this.bound / 4));
  }

  newestFirst(wanted: (item: Item) => boolean): Item[] {
    return this.items.filter(wanted).reverse();
  }

  clear(): void {
    this.items = [];
  }
}
