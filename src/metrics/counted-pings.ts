import type { Pings } from '../domain/pings/pings.js';

type Record = Pings['record'];

/** The same pings; `onRecorded` is called after each request to record some that succeeded. */
export function countedPings(
  pings: Pings,
  onRecorded: (recorded: Parameters<Record>[1], result: Awaited<ReturnType<Record>>) => void,
): Pings {
  const record: Record = async (principal, requested, options) => {
    const result = await pings.record(principal, requested, options);
    onRecorded(requested, result);
    return result;
  };
  return Object.create(pings, { record: { value: record } }) as Pings;
}
