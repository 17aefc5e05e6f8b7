import type { IncomingMessage } from 'node:http';

const addresses = new WeakMap<IncomingMessage, string>();

/** Keeps the client's IP address, past trusted proxies, for what is logged of the request. */
export function setClientAddress(request: IncomingMessage, address: string): void {
  addresses.set(request, address);
}

/** Undefined before the request is authenticated. */
export function clientAddress(request: IncomingMessage): string | undefined {
  return addresses.get(request);
}
