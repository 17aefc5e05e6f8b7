import type { NewPing, RecordOptions } from '../../src/domain/pings/pings.js';
import type { SensorChecksInput } from '../../src/domain/sensors/checks.js';
import { decodeFile } from '../../src/domain/transfer/import/encoding.js';
import type { GraphQLWorld } from './graphql.js';

/** An instant of the first hours of 2026. */
export const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

export const FLAGS = `query ($id: [ID!], $status: ReadingFlagStatus) {
  readingFlags(sensorIds: $id, status: $status, first: 100) { totalCount nodes {
    id datetime flowrate status resolvedBy comment sensor { id }
    findings { check limit reference readings } } } }`;

export interface Reading extends Pick<NewPing, 'flowrate' | 'quality'> {
  readonly minute: number;
}

export const everyMinute = (flowrates: readonly number[]): Reading[] =>
  flowrates.map((flowrate, minute) => ({ minute, flowrate }));

/** Sensors with checks, of the first account of a world. */
export class CheckedSensors {
  constructor(private readonly world: GraphQLWorld) {}

  ask(query: string, variables: object = {}, token = this.world.ours.admin) {
    return this.world.instance.ask(token, query, variables);
  }

  async create(checks: SensorChecksInput): Promise<number> {
    const { sensors } = this.world.instance.services;
    const { id } = await sensors.create(this.world.ours.principal, { name: 'Meter' });
    await sensors.setChecks(this.world.ours.principal, id, checks);
    return id;
  }

  async record(
    sensorId: number,
    readings: readonly Reading[],
    options: Partial<RecordOptions> = {},
  ): Promise<void> {
    const pings = readings.map(({ minute, ...reading }) => {
      return { sensorId, datetime: at(minute), ...reading };
    });
    const { pings: recorder } = this.world.instance.services;
    await recorder.record(this.world.ours.principal, pings, { onConflict: 'REJECT', ...options });
  }

  async importFile(file: string, onConflict: 'REJECT' | 'OVERWRITE' = 'REJECT') {
    async function* bytes() {
      yield await Promise.resolve(Buffer.from(file));
    }
    const { text } = await decodeFile(bytes(), undefined);
    const options = {
      unit: 'bbl/d',
      createSensors: false,
      dryRun: false,
      comment: 'file',
    } as const;
    return this.world.instance.services.imports.run(this.world.ours.principal, text, {
      ...options,
      onConflict,
    });
  }

  /** `MINUTE QUALITY` of every reading of a sensor, in order. */
  async qualities(id: number): Promise<string[]> {
    const { flowSensor } = await this.ask(
      `query ($id: ID!) { flowSensor(id: $id) { pings(order: OLDEST_FIRST, first: 1000) { nodes { datetime quality } } } }`,
      { id },
    );
    const nodes = flowSensor.pings.nodes as { datetime: string; quality: string }[];
    return nodes.map(({ datetime, quality }) => `${minuteOf(datetime)} ${quality}`);
  }

  /** `MINUTE CHECK …` of the flags of a sensor, by the reading. */
  async flags(id: number, status?: string): Promise<string[]> {
    const { readingFlags } = await this.ask(FLAGS, { id: [id], status });
    return (readingFlags.nodes as { datetime: string; findings: { check: string }[] }[])
      .map(({ datetime, findings }) => ({
        minute: minuteOf(datetime),
        checks: findings.map(({ check }) => check),
      }))
      .sort((a, b) => a.minute - b.minute)
      .map(({ minute, checks }) => `${minute} ${checks.join(' ')}`);
  }
}

function minuteOf(datetime: string): number {
  return (Date.parse(datetime) - at(0).getTime()) / 60_000;
}
