import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPublicAddress } from '../domain/webhooks/address.js';

const CONNECT_TIMEOUT_MS = 10_000;

/** The endpoint's host is not on the public internet. */
export class ForbiddenAddressError extends Error {
  readonly code = 'FORBIDDEN_ADDRESS';
  constructor(hostname: string) {
    super(
      `${hostname} is or resolves to a loopback, private or reserved address. The operator can allow these with WEBHOOK_ALLOW_PRIVATE_NETWORK=true.`,
    );
  }
}

/**
 * Connects to public addresses only. A host name's addresses are checked when the connection is
 * made, and the checked addresses are the ones connected to, so a name that resolves to another
 * address by then (DNS rebinding) gains nothing.
 * @param lookup resolves host names
 */
export function guardedConnector(lookup: LookupFunction = dns.lookup): buildConnector.connector {
  const connect = buildConnector({ lookup: guarded(lookup), timeout: CONNECT_TIMEOUT_MS });
  return (options, callback) => {
    const hostname = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(hostname) && !isPublicAddress(hostname)) {
      callback(new ForbiddenAddressError(hostname), null);
      return;
    }
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      if (isPublicAddress(socket.remoteAddress ?? '')) return callback(null, socket);
      socket.destroy();
      callback(new ForbiddenAddressError(hostname), null);
    });
  };
}

/** Connects to any address. */
export function openConnector(lookup: LookupFunction = dns.lookup): buildConnector.connector {
  return buildConnector({ lookup, timeout: CONNECT_TIMEOUT_MS });
}

function guarded(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const found = Array.isArray(addresses) ? addresses : [];
      const allowed = found.filter(({ address }) => isPublicAddress(address));
      const [first] = allowed;
      if (error) callback(error, '');
      else if (!first) callback(new ForbiddenAddressError(hostname), '');
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
