import type { Pings } from '../domain/pings/pings.js';
import { countedPings } from '../metrics/counted-pings.js';
import type { Metrics, Via } from '../metrics/metrics.js';

/** The same pings, which are counted where something is measured. */
export function countedVia(pings: Pings, via: Via, metrics: Metrics | undefined): Pings {
  return metrics
    ? countedPings(pings, (recorded, result) => metrics.recorded(via, recorded, result))
    : pings;
}
