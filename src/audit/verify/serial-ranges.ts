// Which serials were seen, in whatever order they came: as ranges, of which there is mostly one. Pure.

export class SerialRanges {
  /** First and last serial of each, in order, with gaps between. */
  private ranges: [first: number, last: number][] = [];

  add(serial: number): void {
    const last = this.ranges.at(-1);
    if (last && serial >= last[0] && serial <= last[1] + 1) {
      last[1] = Math.max(last[1], serial);
      return;
    }
    this.ranges.push([serial, serial]);
    if (!last || serial > last[1]) return;
    const merged: typeof this.ranges = [];
    for (const range of this.ranges.sort(([one], [other]) => one - other)) {
      const before = merged.at(-1);
      if (before && range[0] <= before[1] + 1) before[1] = Math.max(before[1], range[1]);
      else merged.push(range);
    }
    this.ranges = merged;
  }

  get first(): number | undefined {
    return this.ranges[0]?.[0];
  }

  get last(): number | undefined {
    return this.ranges.at(-1)?.[1];
  }

  /** The first that was not seen between two that were. */
  get firstGap(): number | undefined {
    const [range] = this.ranges;
    return range && this.ranges.length > 1 ? range[1] + 1 : undefined;
  }
}
