import type { BenchRequest, LoadGenerator } from './load.js';

/**
 * Comparing the speed of servers that respond differently would be meaningless.
 * @throws where a server's response differs from the first one's in more than how numbers and
 * instants are written
 */
export async function assertSameResponses(
  request: BenchRequest,
  servers: Readonly<Record<string, Pick<LoadGenerator, 'text'>>>,
): Promise<void> {
  const [[firstName, first] = ['', undefined], ...others] = Object.entries(servers);
  if (!first) return;
  const expected: unknown = JSON.parse(await first.text(request));
  for (const [name, server] of others) {
    const difference = differenceOf(expected, JSON.parse(await server.text(request)), '$');
    if (difference)
      throw new Error(`${request.path}: ${firstName} and ${name} differ, ${difference}`);
  }
}

/** Links contain the host, which differs; only Flowgate reports a cost. */
const IGNORED = new Set(['next', 'previous', 'extensions']);
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function differenceOf(a: unknown, b: unknown, place: string): string | undefined {
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    for (const name of names) {
      if (IGNORED.has(name)) continue;
      const [left, right] = [a, b].map((of) => (of as Record<string, unknown>)[name]);
      const difference = differenceOf(left, right, `${place}.${name}`);
      if (difference) return difference;
    }
    return undefined;
  }
  return isSame(a, b) ? undefined : `${place}: ${JSON.stringify(a)}, ${JSON.stringify(b)}`;
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    // Volumes in barrels: the same terms added in another order, rounded or not.
    return Math.abs(a - b) <= 1e-5 + 1e-9 * Math.abs(a);
  }
  if (typeof a === 'string' && typeof b === 'string' && INSTANT.test(a)) {
    return Date.parse(a) === Date.parse(b);
  }
  return a === b;
}
