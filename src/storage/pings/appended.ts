import type { AppendedPings } from './append-parameters.js';
import type { StoredPing } from './stored-ping.js';

/**
 * What became of the pings of one request, in their order: undefined where there is more to them, and nothing is changed; an
 * error where the node that has them could not be asked.
 */
export type Appended = AppendedRequest | { readonly error: unknown } | undefined;

export interface AppendedRequest {
  readonly inserted: readonly StoredPing[];
  /** whether the worker that sends deliveries knows of those of these pings */
  readonly isAnnounced?: boolean;
}

export function none(requests: readonly AppendedPings[]): undefined[] {
  return requests.map(() => undefined);
}

/** A request with the ids of its pings. */
export interface NumberedRequest extends AppendedPings {
  readonly ids: readonly string[];
}

/** @param ids of the pings of all, in the order in which they came, comma-separated */
export function numbered(requests: readonly AppendedPings[], ids: string): NumberedRequest[] {
  const all = ids.split(',');
  let next = 0;
  return requests.map(({ accountId, pings, traceparent }) => {
    const ids = all.slice(next, (next += pings.length));
    return { accountId, pings, traceparent, ids };
  });
}

export function inserted(
  { pings, ids }: NumberedRequest,
  recordedAt: (sensorId: number) => Date,
): StoredPing[] {
  return pings.map(({ sensorId, datetime, flowrate }, index) => {
    const id = ids[index]!;
    return { id, sensorId, datetime, flowrate, recordedAt: recordedAt(sensorId), quality: 'GOOD' };
  });
}
