import type { GraphQLWorld } from './graphql.js';

/** An hour of the first day of 2026. */
export const at = (hour: number) => `2026-01-01T${String(hour).padStart(2, '0')}:00:00Z`;

export const RECORD = `mutation ($input: RecordPingsInput!) { recordPings(input: $input) { recorded duplicates } }`;
const CREATE = `mutation ($rollover: Float) {
  createFlowSensor(input: { name: "counting", totalizerRollover: $rollover }) { id totalizerRollover } }`;
const PINGS = `query ($id: ID!) { flowSensor(id: $id) { lastPing { totalizer }
  pings(order: OLDEST_FIRST) { nodes { flowrate totalizer quality } }
  pingRevisions { nodes { updateType oldFlowrate newFlowrate oldTotalizer newTotalizer comment } } } }`;

export type Counted = readonly [
  hour: number,
  totalizer: number | null,
  flowrate?: number,
  quality?: string,
];

export function pingsOf(sensorId: string, rows: readonly Counted[]) {
  return rows.map(([hour, totalizer, flowrate = 2400, quality]) => {
    return { sensorId, datetime: at(hour), flowrate, totalizer, quality };
  });
}

/** Sensors of the first account of a world, whose meters have totalizers. */
export class CountingSensors {
  constructor(private readonly world: GraphQLWorld) {}

  readonly create = async (rows: readonly Counted[], rollover?: number): Promise<string> => {
    const { instance, ours } = this.world;
    const { createFlowSensor } = await instance.ask(ours.admin, CREATE, { rollover });
    const { id, totalizerRollover = null } = createFlowSensor;
    if (totalizerRollover !== (rollover ?? null)) throw new Error(`It has ${totalizerRollover}.`);
    await this.record(id, rows);
    return id;
  };

  readonly record = async (id: string, rows: readonly Counted[], more: object = {}) => {
    const input = { pings: pingsOf(id, rows), ...more };
    return (await this.world.instance.ask(this.world.ours.admin, RECORD, { input })).recordPings;
  };

  readonly pingsIn = async (id: string): Promise<any> =>
    (await this.world.instance.ask(this.world.ours.reader, PINGS, { id })).flowSensor;
}
