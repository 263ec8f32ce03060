// Where a request really comes from: the socket's address, or what the listed proxies say of it, in one writing.
// X-Forwarded-For is read from its end, and only as far as the hops are listed: the rest is what a client says of
// itself. Forwarded is never read, since a proxy that does not know it passes a client's own on.
import { BlockList, isIP, SocketAddress } from 'node:net';

/** True for the address of one of our proxies. */
export type IsProxy = (address: string) => boolean;

export const noProxies: IsProxy = () => false;

/** Shortest prefixes: who lists half the Internet trusts everybody. */
const widest = { ipv4: 8, ipv6: 7 };
const longest = { ipv4: 32, ipv6: 128 };

/** @returns null where it is no list of addresses and networks, or a network is too wide to be a proxy's */
export function readProxies(list: string): IsProxy | null {
  // One list a family, or `::/7` would hold every address of IPv4.
  const proxies = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const entry of list.split(',')) {
    const [text = '', length, ...more] = entry.trim().split('/');
    const address = plainAddress(text);
    if (isIP(text) === 0 || address === null || more.length > 0) return null;
    const family = familyOf(address);
    const bits = length === undefined ? longest[family] : /^\d{1,3}$/.test(length) ? Number(length) : 0;
    if (bits < widest[family] || bits > longest[family]) return null;
    proxies[family].addSubnet(address, bits, family);
  }
  return (text) => {
    const address = plainAddress(text);
    if (address === null) return false;
    const family = familyOf(address);
    return proxies[family].check(address, family);
  };
}

/** @param forwardedFor the header as Node gives it: several of them joined by commas */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  isProxy: IsProxy,
): string {
  let address = plainAddress(peer ?? '') ?? 'unknown';
  if (forwardedFor === undefined) return address;
  for (const hop of forwardedFor.split(',').reverse()) {
    if (!isProxy(address)) return address;
    const further = plainAddress(hop.trim());
    // What is no address is nobody's: the last hop that is known counts.
    if (further === null) return address;
    address = further;
  }
  return address;
}

/** What one subscriber has: an address of IPv4, or a network of 2^64 addresses of IPv6. */
export function networkOf(address: string): string {
  return isIP(address) === 6 ? `${groupsOf(address).slice(0, 4).join(':')}::/64` : address;
}

/** What one customer of a network may have at hand: /24 of IPv4, /48 of IPv6. */
export function neighbourhoodOf(address: string): string {
  if (isIP(address) === 6) return `${groupsOf(address).slice(0, 3).join(':')}::/48`;
  return isIP(address) === 4 ? address.replace(/\d+$/, '0/24') : address;
}

/** The eight groups of an address of IPv6. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after];
}

/** Without port, brackets and zone; IPv6 in its one short writing, and IPv4 dressed up as IPv6 as IPv4. */
function plainAddress(text: string): string | null {
  const bare = /^\[([\w:.%]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const version = isIP(bare);
  if (version !== 6) return version === 4 ? bare : null;
  const { address } = new SocketAddress({ address: bare.replace(/%.*$/, ''), family: 'ipv6' });
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
