import { isIP } from 'node:net';
import { isPublicAddress } from './address.js';

export interface WebhookUrlPolicy {
  /** whether loopback and private addresses, and any port, are allowed */
  readonly allowPrivateNetwork: boolean;
  readonly allowHttp: boolean;
}

export const MAX_URL = 2048;

// Names of the machine itself or its network, whatever they resolve to (RFC 6761, RFC 6762, RFC 8375).
const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa)$/;

// Ports of other protocols, which browsers refuse too (https://fetch.spec.whatwg.org/#port-blocking), and databases'.
const FIRST_FREE_PORT = 1024;
const WEB_PORTS = new Set([80, 443]);
const REFUSED_PORTS = new Set([
  1433, 1521, 1719, 1720, 1723, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 5060,
  5061, 5432, 5984, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9200, 9300, 10080,
  10250, 11211, 27017,
]);

/** The rule that an endpoint's URL breaks, if any. What its host resolves to is checked elsewhere. */
export function webhookUrlError(text: string, policy: WebhookUrlPolicy): string | undefined {
  if (text.length > MAX_URL) {
    return `Must be at most ${MAX_URL} characters long, not ${text.length}.`;
  }
  if (!URL.canParse(text) || /[\p{Cc}\s]/u.test(text)) {
    return 'Must be a URL such as https://example.com/hook.';
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return `Must be an http or https URL, not ${url.protocol}`;
  }
  if (url.protocol === 'http:' && !policy.allowHttp) {
    return 'Must be an https URL: this server does not allow http.';
  }
  if (url.username || url.password) return 'Must not contain a user name or password.';
  return policy.allowPrivateNetwork ? undefined : privateHostError(url);
}

function privateHostError({ hostname, port, protocol }: URL): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host)) {
    if (!isPublicAddress(host))
      return `Must not be a loopback, private or reserved address: ${host}.`;
  } else {
    const name = host.replace(/\.$/, '').toLowerCase();
    if (PRIVATE_NAMES.test(name) || !name.includes('.')) {
      return `Must be a host on the public internet, not ${host}.`;
    }
  }
  const number = Number(port || (protocol === 'https:' ? 443 : 80));
  if (WEB_PORTS.has(number) || (number >= FIRST_FREE_PORT && !REFUSED_PORTS.has(number))) {
    return undefined;
  }
  return `Must not be at port ${number}, which is another service's.`;
}
