import { HOUR_MS } from '../shared/durations.js';

/*
 * Measured on two cores of a shared virtual machine (AMD EPYC) that PostgreSQL 18, Flowgate and the load had
 * to themselves; docs/performance.md has the rates, docs/scaling.md how the sizes were found.
 */
const GIGABYTE = 1e9;
const CORES_MEASURED = 2;
/** Pings a second, recorded one by one and in requests of 1000 over 50 sensors. */
const SINGLE_PINGS = 1724;
const BATCHED_PINGS = 88_675;
/** Deliveries, and volumes over a day by REST, a second. */
const DELIVERIES = 7961;
const VOLUMES = 2088;
/** Of a ping and of a summary, indexes included. */
const PING_BYTES = 100;
const SUMMARY_BYTES = 400;
/** Pings in one of the requests of many. */
const BATCH = 1000;
/** Of the write-ahead log for a ping, apart from the images of whole pages. */
const LOG_BYTES = 1700;
/** Pages that a sensor that reports changes between two checkpoints, and bytes of their images in the log. */
const CHANGED_PAGES = 2.6;
const IMAGE_BYTES = 13_400;
/** Between two checkpoints: PostgreSQL's checkpoint_timeout unless it is set. */
const CHECKPOINT_SECONDS = 300;
/** Accesses to pages of tables and indexes that a volume over a day takes. */
const VOLUME_PAGES = 87;
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
  /** what things cost; without them the plan has no cost */
  readonly prices?: Prices | undefined;
}

/** Prices a month, all in one currency. */
export interface Prices {
  readonly core: number;
  /** of storage, 10^9 bytes */
  readonly gigabyte: number;
  /** of an operation a second of the disk */
  readonly operation: number;
}

export interface CapacityPlan {
  readonly pingsPerSecond: number;
  readonly storedPings: number;
  readonly summaries: number;
  readonly bytes: number;
  /** of PostgreSQL and of all instances together, each busy half of the time */
  readonly cores: number;
  /** of FLOWGATE_WORKERS of all instances together, at most: a worker uses one core */
  readonly workers: number;
  /** operations a second of the disk: commits and pages written, and pages read where none is in memory */
  readonly diskOperations: number;
  /** of the write-ahead log, bytes a second; replicas and archives take as much */
  readonly logBytes: number;
  /** a month, in the currency of the prices; undefined without them */
  readonly cost: number | undefined;
}

/** What an installation takes, by what was measured. */
export function planCapacity(input: CapacityInput): CapacityPlan {
  const { sensors, interval, retentionDays, days, endpoints, reads, isBatched, prices } = input;
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
  const bytes = storedPings * PING_BYTES + summaries * SUMMARY_BYTES;
  const cores = Math.max(1, Math.ceil((busy * CORES_MEASURED) / UTILISATION));
  const commits = pingsPerSecond / (isBatched ? BATCH : 1);
  const reporting = sensors * Math.min(1, CHECKPOINT_SECONDS / interval);
  const changing = reporting / CHECKPOINT_SECONDS;
  const diskOperations = Math.ceil(commits + changing * CHANGED_PAGES + reads * VOLUME_PAGES);
  return {
    pingsPerSecond,
    storedPings: Math.ceil(storedPings),
    summaries: Math.ceil(summaries),
    bytes,
    cores,
    workers: cores,
    diskOperations,
    logBytes: pingsPerSecond * LOG_BYTES + changing * IMAGE_BYTES,
    cost:
      prices &&
      cores * prices.core +
        (bytes / GIGABYTE) * prices.gigabyte +
        diskOperations * prices.operation,
  };
}
