import { HOUR_MS } from '../shared/durations.js';

/*
 * Measured on two cores of a shared virtual machine (AMD EPYC) that PostgreSQL 18, Flowgate and the load had
 * to themselves; docs/performance.md has the rates, docs/scaling.md how the sizes were found.
 */
const CORES_MEASURED = 2;
/** Pings a second, recorded one by one and in requests of 1000 over 50 sensors. */
const SINGLE_PINGS = 1724;
const BATCHED_PINGS = 88_675;
/** Deliveries, and volumes over a day by REST, a second. */
const DELIVERIES = 7961;
const VOLUMES = 2088;
/** Of a ping and of a summary, indexes included. */
const PING_BYTES = 100;
const SUMMARY_BYTES = 255;
// Cores are not to be busy all the time: batches, backups and vacuums come on top.
const UTILISATION = 0.5;

export interface CapacityInput {
  readonly sensors: number;
  /** between two readings of a sensor, seconds */
  readonly interval: number;
  /** how long all readings are kept */
  readonly retentionDays: number;
  /** how long the sensors have been measuring */
  readonly days: number;
  /** how many webhook endpoints receive every reading */
  readonly endpoints: number;
  /** volumes a second that are asked for */
  readonly reads: number;
  /** whether readings come in requests of many */
  readonly isBatched: boolean;
}

export interface CapacityPlan {
  readonly pingsPerSecond: number;
  readonly storedPings: number;
  readonly summaries: number;
  readonly bytes: number;
  /** of PostgreSQL and of all instances together, each busy half of the time */
  readonly cores: number;
}

/** What an installation takes, by what was measured. */
export function planCapacity(input: CapacityInput): CapacityPlan {
  const { sensors, interval, retentionDays, days, endpoints, reads, isBatched } = input;
  const pingsPerSecond = sensors / interval;
  const perHour = HOUR_MS / 1000 / interval;
  const complete = Math.min(days, retentionDays) * 24 * perHour;
  const thinned = Math.max(days - retentionDays, 0) * 24 * Math.min(perHour, 2);
  const storedPings = sensors * (complete + thinned);
  const hours = days * 24 * Math.min(perHour, 1);
  const summaries = sensors * (hours + Math.min(hours, days) + Math.ceil(days / 32) + 1);
  const busy =
    pingsPerSecond / (isBatched ? BATCHED_PINGS : SINGLE_PINGS) +
    (pingsPerSecond * endpoints) / DELIVERIES +
    reads / VOLUMES;
  return {
    pingsPerSecond,
    storedPings: Math.ceil(storedPings),
    summaries: Math.ceil(summaries),
    bytes: storedPings * PING_BYTES + summaries * SUMMARY_BYTES,
    cores: Math.max(1, Math.ceil((busy * CORES_MEASURED) / UTILISATION)),
  };
}
