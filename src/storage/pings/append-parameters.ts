import { float8Array, int4Array, timestamptzArray } from '../postgres/binary-array.js';
import { dayOf } from '../summaries/sql/level.js';
import type { PingKey } from './stored-ping.js';

/** Good pings of one request, in the order in which they came. */
export interface AppendedPings {
  readonly accountId: number;
  /** flowrates in bbl/d */
  readonly pings: readonly (PingKey & { readonly flowrate: number })[];
  /** of what changes them; undefined where nothing is traced */
  readonly traceparent: string | undefined;
}

interface OwnPings {
  readonly accountId: number;
  readonly first: Date;
  last: Date;
}

/**
 * The parameters of the statement that appends pings of several requests. Undefined where some are not for it: those of
 * a sensor do not ascend, are of several days (UTC), or of several accounts, of which only one can have the sensor.
 */
export function appendParameters(requests: readonly AppendedPings[]): unknown[] | undefined {
  const sensors = new Map<number, OwnPings>();
  const pings: { sensorId: number; datetime: Date; flowrate: number; rank: number }[] = [];
  for (const { accountId, pings: ofRequest } of requests) {
    for (const { sensorId, datetime, flowrate } of ofRequest) {
      const own = sensors.get(sensorId);
      if (!own) sensors.set(sensorId, { accountId, first: datetime, last: datetime });
      else if (own.accountId === accountId && isAppendedOn(own, datetime)) own.last = datetime;
      else return undefined;
      pings.push({ sensorId, datetime, flowrate, rank: pings.length + 1 });
    }
  }
  // In the order of the primary key, rows go side by side into its pages.
  pings.sort((a, b) => a.sensorId - b.sensorId || a.rank - b.rank);
  const own = [...sensors].sort(([a], [b]) => a - b);
  const isTraced = requests.some(({ traceparent }) => traceparent !== undefined);
  return [
    int4Array(own.map(([sensorId]) => sensorId)),
    int4Array(own.map(([, { accountId }]) => accountId)),
    timestamptzArray(own.map(([, { first }]) => first)),
    timestamptzArray(own.map(([, { last }]) => last)),
    int4Array(pings.map(({ sensorId }) => sensorId)),
    timestamptzArray(pings.map(({ datetime }) => datetime)),
    float8Array(pings.map(({ flowrate }) => flowrate)),
    int4Array(pings.map(({ rank }) => rank)),
    isTraced ? traceparentsOf(requests, pings) : [],
  ];
}

/** Whether a ping follows a sensor's last one on the day of its first one. */
function isAppendedOn({ first, last }: OwnPings, datetime: Date): boolean {
  return datetime > last && dayOf(datetime.getTime()) === dayOf(first.getTime());
}

function traceparentsOf(
  requests: readonly AppendedPings[],
  pings: readonly { readonly rank: number }[],
): (string | null)[] {
  const byRank = requests.flatMap(({ pings, traceparent = null }) => pings.map(() => traceparent));
  return pings.map(({ rank }) => byRank[rank - 1]!);
}
