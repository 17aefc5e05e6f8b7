import ipaddr from 'ipaddr.js';

type Range = [ipaddr.IPv6, number];

// Forms that contain an IPv4 address, and its offset in bytes.
const EMBEDDING_IPV4: readonly { range: Range; at: number }[] = [
  { range: ipaddr.IPv6.parseCIDR('::/96'), at: 12 },
  { range: ipaddr.IPv6.parseCIDR('::ffff:0:0/96'), at: 12 },
  { range: ipaddr.IPv6.parseCIDR('::ffff:0:0:0/96'), at: 12 },
  { range: ipaddr.IPv6.parseCIDR('64:ff9b::/96'), at: 12 },
  { range: ipaddr.IPv6.parseCIDR('2002::/16'), at: 2 },
];

const GLOBAL_UNICAST: Range = ipaddr.IPv6.parseCIDR('2000::/3');

// Platform services of clouds, which ipaddr.js takes for unicast.
const PLATFORM_ADDRESSES = ['168.63.129.16', '192.0.0.192'];

/**
 * Whether an address is on the public internet. Loopback, private, link-local, shared (CGNAT),
 * multicast, reserved and metadata addresses are not, nor are the IPv6 forms of such an IPv4
 * address: mapped, compatible, translated (RFC 6145), NAT64 (RFC 6052), 6to4 (RFC 3056); nor any
 * address in another special range (RFC 6890), such as Teredo and the local NAT64 prefix (RFC
 * 8215).
 * @param address IPv4 or IPv6, without brackets
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) {
    return parsed.range() === 'unicast' && !PLATFORM_ADDRESSES.includes(parsed.toString());
  }
  if (parsed.zoneId) return false;
  const embedding = EMBEDDING_IPV4.find(({ range }) => parsed.match(range));
  if (embedding) {
    const bytes = parsed.toByteArray().slice(embedding.at, embedding.at + 4);
    return isPublicAddress(bytes.join('.'));
  }
  return parsed.range() === 'unicast' && parsed.match(GLOBAL_UNICAST);
}
