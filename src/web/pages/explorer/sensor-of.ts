import type { ExplorerStartQuery } from '../../../generated/graphql/graphql.js';
import type { ExampleOptions } from './examples.js';

/** The account's first sensor and its last reading, for examples that have something to show. */
export function sensorOf(start: ExplorerStartQuery | undefined): ExampleOptions {
  const sensor = start?.flowSensors.nodes[0];
  const last = sensor?.lastPing?.datetime;
  return { sensorId: sensor?.id ?? '1', until: last ? new Date(last) : new Date() };
}
