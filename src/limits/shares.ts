// What there is for all is not one host's to hold: each address has a share of it. Counted is what one subscriber
// has, an address of IPv4 or a /64 of IPv6, as the limits count it.
import { networkOf } from '../auth/client-address.js';

export interface Share {
  /** Of one address, at once. */
  most: number;
  /** Who speaks for many: our proxies, and this machine itself. */
  isExempt: (address: string) => boolean;
}

export class Shares {
  private readonly held = new Map<string, number>();

  constructor(private readonly share: Share) {}

  /** @returns what gives it back, also when called again; null where the address has its share */
  take(address: string): (() => void) | null {
    if (this.share.isExempt(address)) return () => {};
    const whose = networkOf(address);
    const count = this.held.get(whose) ?? 0;
    if (count >= this.share.most) return null;
    this.held.set(whose, count + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const left = (this.held.get(whose) ?? 1) - 1;
      if (left > 0) this.held.set(whose, left);
      else this.held.delete(whose);
    };
  }
}
