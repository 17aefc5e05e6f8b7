import type { ExplorerStartQuery } from '../../generated/graphql/graphql.js';

/** What examples are about, so that they have something to show. */
export interface ExampleSensor {
  readonly sensorId: string;
  /** the instant that the examples look back from */
  readonly until: Date;
}

/** The account's first sensor and its last reading. */
export function exampleSensor(start: ExplorerStartQuery | undefined): ExampleSensor {
  const sensor = start?.flowSensors.nodes[0];
  const last = sensor?.lastPing?.datetime;
  return { sensorId: sensor?.id ?? '1', until: last ? new Date(last) : new Date() };
}
