import { isIP } from 'node:net';
import { isPublicAddress } from './address.js';

export interface WebhookUrlPolicy {
  /** whether loopback and private addresses, and any port, are allowed */
  readonly allowPrivateNetwork: boolean;
  readonly allowHttp: boolean;
}

export const MAX_URL = 2048;
const MAX_NAME = 253;
const MAX_LABEL = 63;

export const HOW_TO_ALLOW =
  'the operator can allow private networks with WEBHOOK_ALLOW_PRIVATE_NETWORK=true.';

// Names of the machine itself or its network, refused without resolving them (RFC 6761, RFC 6762,
// RFC 8375).
const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa)$/;

// Ports of other protocols, which browsers refuse too
// (https://fetch.spec.whatwg.org/#port-blocking), and databases'.
const FIRST_FREE_PORT = 1024;
const WEB_PORTS = new Set([80, 443]);
const REFUSED_PORTS = new Set([
  1433, 1521, 1719, 1720, 1723, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 5060,
  5061, 5432, 5984, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9200, 9300, 10080,
  10250, 11211, 27017,
]);

/**
 * The rule that an endpoint's URL breaks, if any. What its host resolves to is checked elsewhere.
 */
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
    return 'Must be an https URL; the operator can allow http with WEBHOOK_ALLOW_HTTP=true.';
  }
  if (url.username || url.password || hasUserInfo(text)) {
    return 'Must not contain a user name or password.';
  }
  const nameError = hostNameError(url.hostname);
  if (nameError) return nameError;
  return policy.allowPrivateNetwork ? undefined : privateHostError(url);
}

function privateHostError({ hostname, port, protocol }: URL): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host)) {
    if (!isPublicAddress(host))
      return `Must not be a loopback, private or reserved address such as ${host}; ${HOW_TO_ALLOW}`;
  } else {
    const name = host.replace(/\.$/, '').toLowerCase();
    if (PRIVATE_NAMES.test(name) || !name.includes('.')) {
      return `Must be a host on the public internet, not ${host}; ${HOW_TO_ALLOW}`;
    }
  }
  const number = Number(port || (protocol === 'https:' ? 443 : 80));
  if (WEB_PORTS.has(number) || (number >= FIRST_FREE_PORT && !REFUSED_PORTS.has(number))) {
    return undefined;
  }
  return `Must not use port ${number}, which belongs to another protocol.`;
}

/** A name that no DNS query can ask for (RFC 1035, 2.3.4). */
function hostNameError(hostname: string): string | undefined {
  const name = hostname.replace(/\.$/, '');
  const isPossible =
    name.length <= MAX_NAME &&
    name.split('.').every((label) => label.length > 0 && label.length <= MAX_LABEL);
  if (isPossible) return undefined;
  return `Must have a host name of at most ${MAX_NAME} characters, its parts between dots of 1 to ${MAX_LABEL}.`;
}

/**
 * Whether there is an @ in the authority, which the URL parser drops where nothing is before it.
 */
function hasUserInfo(text: string): boolean {
  return /^[a-z]+:[/\\]*[^/\\?#]*@/i.test(text);
}
