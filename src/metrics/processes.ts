import {
  AggregatorRegistry,
  Gauge,
  type MetricObjectWithValues,
  type MetricValue,
} from 'prom-client';

/** What one process measures. */
export type ProcessMetrics = readonly MetricObjectWithValues<MetricValue<string>>[];

/**
 * The metrics of several processes as those of one: sums, but of figures that each of them reports
 * alike only one. In the text format of Prometheus.
 * @param workers how many processes serve requests
 */
export function aggregatedMetrics(
  processes: readonly ProcessMetrics[],
  workers: number,
): Promise<string> {
  const registry = AggregatorRegistry.aggregate(processes as never);
  new Gauge({
    name: 'flowgate_workers',
    help: 'Worker processes that serve requests.',
    registers: [registry],
  }).set(workers);
  return registry.metrics();
}
