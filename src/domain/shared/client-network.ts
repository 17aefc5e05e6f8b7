import ipaddr from 'ipaddr.js';

const SUBNET_BITS = 64;
const SITE_BITS = 48;

/**
 * The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address, since a
 * client that has one address of it has all of them (RFC 6177). An IPv4 address written as IPv6 is
 * the IPv4 address.
 */
export function networkOf(address: string): string {
  return prefixOf(address, SUBNET_BITS);
}

/**
 * The networks of one site, which may have a /48 of IPv6 and so 65 536 of them; of IPv4 the same as
 * `networkOf`.
 */
export function siteOf(address: string): string {
  return prefixOf(address, SITE_BITS);
}

function prefixOf(address: string, bits: number): string {
  if (!address.includes(':') || !ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/${bits}`).toString();
}
