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

/** A sensor that pings are appended to. */
export interface AppendedSensor {
  readonly sensorId: number;
  readonly accountId: number;
  /** of its new pings */
  readonly first: Date;
  readonly last: Date;
}

export interface RankedPing extends PingKey {
  readonly flowrate: number;
  /** which of all the pings it is as they came, from 1 */
  readonly rank: number;
}

/** The sensors of some requests, ascending, and their pings by sensor and instant. */
export interface Appendable {
  readonly sensors: readonly AppendedSensor[];
  readonly pings: readonly RankedPing[];
}

/**
 * Undefined where some are not for the statement that appends: those of a sensor do not ascend, are of several days
 * (UTC), or of several accounts, of which only one can have the sensor.
 */
export function appendable(requests: readonly AppendedPings[]): Appendable | undefined {
  const sensors = new Map<number, AppendedSensor>();
  const pings: RankedPing[] = [];
  for (const { accountId, pings: ofRequest } of requests) {
    for (const { sensorId, datetime, flowrate } of ofRequest) {
      const own = sensors.get(sensorId);
      if (own && (own.accountId !== accountId || !isAppendedOn(own, datetime))) return undefined;
      sensors.set(sensorId, { sensorId, accountId, first: own?.first ?? datetime, last: datetime });
      pings.push({ sensorId, datetime, flowrate, rank: pings.length + 1 });
    }
  }
  // In the order of the primary key, rows go side by side into its pages.
  pings.sort((a, b) => a.sensorId - b.sensorId || a.rank - b.rank);
  return { sensors: [...sensors.values()].sort((a, b) => a.sensorId - b.sensorId), pings };
}

/** Whether a ping follows a sensor's last one on the day of its first one. */
function isAppendedOn({ first, last }: AppendedSensor, datetime: Date): boolean {
  return datetime > last && dayOf(datetime.getTime()) === dayOf(first.getTime());
}

/** int[] ids, int[] accounts, timestamptz[] the first and the last instant of each */
export function sensorParameters(sensors: readonly AppendedSensor[]): Buffer[] {
  return [
    int4Array(sensors.map(({ sensorId }) => sensorId)),
    int4Array(sensors.map(({ accountId }) => accountId)),
    timestamptzArray(sensors.map(({ first }) => first)),
    timestamptzArray(sensors.map(({ last }) => last)),
  ];
}

/** int[] sensor ids, timestamptz[] instants, float8[] bbl/d */
export function pingParameters(pings: readonly RankedPing[]): Buffer[] {
  return [
    int4Array(pings.map(({ sensorId }) => sensorId)),
    timestamptzArray(pings.map(({ datetime }) => datetime)),
    float8Array(pings.map(({ flowrate }) => flowrate)),
  ];
}

/** The parameters of `appendPings`. */
export function appendParameters(
  requests: readonly AppendedPings[],
  { sensors, pings }: Appendable,
): unknown[] {
  const isTraced = requests.some(({ traceparent }) => traceparent !== undefined);
  return [
    ...sensorParameters(sensors),
    ...pingParameters(pings),
    int4Array(pings.map(({ rank }) => rank)),
    isTraced ? traceparentsOf(requests, pings) : [],
  ];
}

function traceparentsOf(
  requests: readonly AppendedPings[],
  pings: readonly RankedPing[],
): (string | null)[] {
  const byRank = requests.flatMap(({ pings, traceparent = null }) => pings.map(() => traceparent));
  return pings.map(({ rank }) => byRank[rank - 1]!);
}
