import type { LookupFunction } from 'node:net';

const RESOLVE_TIMEOUT_MS = 2000;

/** Resolves host names as connections do, and fails where that takes longer than two seconds. */
export function resolveWith(lookup: LookupFunction) {
  return (hostname: string): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${hostname} was not resolved within ${RESOLVE_TIMEOUT_MS} ms`)),
        RESOLVE_TIMEOUT_MS,
      );
      lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }, (error, addresses) => {
        clearTimeout(timer);
        if (error) reject(error);
        else
          resolve(
            [addresses].flat().map((each) => (typeof each === 'string' ? each : each.address)),
          );
      });
    });
}
