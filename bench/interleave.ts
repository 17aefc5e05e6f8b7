import { measure, median } from './load.js';
import type { Options } from './options.js';

/**
 * The warm-up round lasts this many rounds: V8 compiles a server's code over thousands of pings.
 */
const WARM_UP_ROUNDS = 3;

/**
 * Measures several ways of doing some work in turns: A B A B …
 * @param ways each is called with a number that counts up from 0 and never repeats
 * @returns the calls a second of each, the median of its rounds
 */
export async function interleave<Name extends string>(
  ways: Record<Name, (n: number) => Promise<unknown>>,
  { rounds, concurrency, milliseconds }: Pick<Options, 'rounds' | 'concurrency' | 'milliseconds'>,
): Promise<Record<Name, number>> {
  const names = Object.keys(ways) as Name[];
  const done = new Map(names.map((name) => [name, 0]));
  const rates = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const length = round === 0 ? WARM_UP_ROUNDS * milliseconds : milliseconds;
      const first = done.get(name)!;
      const { throughput, requests } = await measure(ways[name], concurrency, length, first);
      done.set(name, first + requests);
      // The first round warms up.
      if (round > 0) rates.get(name)!.push(throughput);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(rates.get(name)!)])) as Record<
    Name,
    number
  >;
}
