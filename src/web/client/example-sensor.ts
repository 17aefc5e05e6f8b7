import type { ExplorerStartQuery } from '../../generated/graphql/graphql.js';

/** The sensor that examples use, so that they have data to show. */
export interface ExampleSensor {
  readonly sensorId: string;
  /** the end of the time range in the examples */
  readonly until: Date;
}

/** The account's first sensor and its last reading. */
export function exampleSensor(start: ExplorerStartQuery | undefined): ExampleSensor {
  const sensor = start?.flowSensors.nodes[0];
  const last = sensor?.lastPing?.datetime;
  return { sensorId: sensor?.id ?? '1', until: last ? new Date(last) : new Date() };
}
