import ipaddr from 'ipaddr.js';

type Range = [ipaddr.IPv6, number];

// Forms that lead to an IPv4 address, and where in them it stands (in bytes).
const CARRYING_IPV4: readonly { range: Range; at: number }[] = [
  { range: ipaddr.IPv6.parseCIDR('::/96'), at: 12 },
  { range: ipaddr.IPv6.parseCIDR('::ffff:0:0/96'), at: 12 },
  { range: ipaddr.IPv6.parseCIDR('::ffff:0:0:0/96'), at: 12 },
  { range: ipaddr.IPv6.parseCIDR('64:ff9b::/96'), at: 12 },
  { range: ipaddr.IPv6.parseCIDR('2002::/16'), at: 2 },
];

const GLOBAL_UNICAST: Range = ipaddr.IPv6.parseCIDR('2000::/3');

// What ipaddr.js takes for unicast, and yet reaches the inside.
const PLATFORMS = ['168.63.129.16', '192.0.0.192'];

/**
 * Whether an address is on the public internet. Loopback, private, link-local,
 * shared (CGNAT), multicast, reserved and metadata addresses are not, nor are
 * the IPv6 forms of such an IPv4 address: mapped, compatible, translated (RFC
 * 6145), NAT64 (RFC 6052), 6to4 (RFC 3056); and all that lies in other special
 * ranges (RFC 6890), Teredo and the local NAT64 prefix (RFC 8215) among them.
 * @param address IPv4 or IPv6, without brackets
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) {
    return parsed.range() === 'unicast' && !PLATFORMS.includes(parsed.toString());
  }
  if (parsed.zoneId) return false;
  const carrying = CARRYING_IPV4.find(({ range }) => parsed.match(range));
  if (carrying) {
    const bytes = parsed.toByteArray().slice(carrying.at, carrying.at + 4);
    return isPublicAddress(bytes.join('.'));
  }
  return parsed.range() === 'unicast' && parsed.match(GLOBAL_UNICAST);
}
