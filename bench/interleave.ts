import { measure, median } from './load.js';
import type { Options } from './options.js';

/** So many times as long as the others is the round before them: V8 compiles a server's way of a ping over thousands of them. */
const WARM_UP = 3;

/**
 * Work done in several ways, in turns: A B A B …
 * @param ways each is given numbers that count up from 0 and never come again
 * @returns how often a second each was done, the median of its rounds
 */
export async function inTurns<Name extends string>(
  ways: Record<Name, (n: number) => Promise<unknown>>,
  { rounds, concurrency, milliseconds }: Pick<Options, 'rounds' | 'concurrency' | 'milliseconds'>,
): Promise<Record<Name, number>> {
  const names = Object.keys(ways) as Name[];
  const done = new Map(names.map((name) => [name, 0]));
  const rates = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const length = round === 0 ? WARM_UP * milliseconds : milliseconds;
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
