import type { Reader } from '../postgres/reader.js';
import type { Database, Statement } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { isComplete } from '../pings/sql/thinned.js';
import { IS_TOTALIZER_OF } from '../pings/sql/totalizers.js';
import { COUNTS, qualityOf, type Quality } from '../pings/quality.js';
import type { TimeRange } from '../postgres/time-range.js';

export interface ExportedSensor {
  readonly id: number;
  readonly name: string;
}

/** `at` in milliseconds since 1970, flowrate bbl/d. */
export interface ExportedPing {
  readonly at: number;
  readonly flowrate: number;
  readonly quality: Quality;
  /** bbl; null where it has none, or totalizers were not asked for */
  readonly totalizer: number | null;
}

/** What is exported beside good readings and their flowrates. */
export interface ExportedColumns {
  /** then bad readings are among them */
  readonly hasQuality: boolean;
  readonly hasTotalizer: boolean;
}

const MAX_SENSORS = 1000;
export const MAX_EXPORTED_PINGS = 2000;

/** $1 int account, $2 int sensor or null for all, $3 int id that the last page ended at */
const exportedSensors: Statement = {
  name: 'exported_sensors',
  text: `
    SELECT id, name
    FROM flow_sensor
    WHERE account_id = $1 AND ($2::int IS NULL OR id = $2) AND id > $3
    ORDER BY id
    LIMIT ${MAX_SENSORS}`,
};

/** $1 int account, $2 int sensor, $3, $4 timestamptz range, both inclusive, $5 boolean whether bad pings are among them */
const exportedPings = ofPings('exported_pings', 'NULL::float8', '');

/** The same with the meters' own totalizers. */
const exportedPingsWithTotalizers = ofPings(
  'exported_pings_with_totalizers',
  't.totalizer',
  `LEFT JOIN ping_totalizer t ON ${IS_TOTALIZER_OF}`,
);

function ofPings(name: string, totalizer: string, join: string): Statement {
  return {
    name,
    text: `
    SELECT round(date_part('epoch', p.datetime) * 1000) AS at, p.flowrate, p.quality, ${totalizer} AS totalizer
    FROM flow_sensor s JOIN ping p ON p.sensor_id = s.id
    ${join}
    WHERE s.account_id = $1 AND s.id = $2 AND p.datetime >= $3 AND p.datetime <= $4
      AND ($5::boolean OR ${COUNTS}) AND ${isComplete('p.datetime')}
    ORDER BY p.datetime
    LIMIT ${MAX_EXPORTED_PINGS}`,
  };
}

/** $1 int account, $2 int sensor or null for all, $3, $4 timestamptz range, both inclusive */
const anyOfQuality: Statement = {
  name: 'any_exported_of_quality',
  text: `
    SELECT 1 AS found
    FROM flow_sensor s JOIN ping p ON p.sensor_id = s.id
    WHERE s.account_id = $1 AND ($2::int IS NULL OR s.id = $2) AND p.quality IS NOT NULL
      AND p.datetime >= $3 AND p.datetime <= $4 AND ${isComplete('p.datetime')}
    LIMIT 1`,
};

/** $1 int account, $2 int sensor or null for all, $3, $4 timestamptz range, both inclusive */
const anyWithTotalizer: Statement = {
  name: 'any_exported_with_totalizer',
  text: `
    SELECT 1 AS found
    FROM flow_sensor s JOIN ping_totalizer t ON t.sensor_id = s.id
    WHERE s.account_id = $1 AND ($2::int IS NULL OR s.id = $2) AND t.datetime >= $3 AND t.datetime <= $4
      AND ${isComplete('t.datetime')}
    LIMIT 1`,
};

/**
 * Reads what is exported in pages, each a statement of its own: between two of them a client may
 * take its time, and neither a connection nor a snapshot of the database waits for it.
 */
export class ExportStore {
  constructor(private readonly database: Database) {}

  /** By id. @param sensorId undefined for all sensors */
  async *sensors(reader: Reader, sensorId: number | undefined): AsyncGenerator<ExportedSensor> {
    let after = 0;
    for (;;) {
      const values = [reader.accountId, sensorId ?? null, after];
      const sensors = await this.database.reads.query<ExportedSensor & Row>(
        reader,
        exportedSensors,
        values,
      );
      yield* sensors;
      if (sensors.length < MAX_SENSORS) return;
      after = sensors.at(-1)!.id;
    }
  }

  /**
   * Whether there is a ping that is not good, and one with a totalizer.
   * @param range both ends inclusive
   * @param sensorId undefined for all sensors
   */
  async columns(
    reader: Reader,
    sensorId: number | undefined,
    { start, end }: TimeRange,
  ): Promise<ExportedColumns> {
    const values = [
      ...[reader.accountId, sensorId ?? null],
      ...[instantParameter(start), instantParameter(end)],
    ];
    const [ofQuality, withTotalizer] = await Promise.all(
      [anyOfQuality, anyWithTotalizer].map((any) => this.database.reads.query(reader, any, values)),
    );
    return { hasQuality: ofQuality!.length > 0, hasTotalizer: withTotalizer!.length > 0 };
  }

  /** Oldest first, some at a time. @param range both ends inclusive */
  async *pings(
    reader: Reader,
    sensorId: number,
    { start, end }: TimeRange,
    { hasQuality, hasTotalizer }: ExportedColumns,
  ): AsyncGenerator<ExportedPing[]> {
    const statement = hasTotalizer ? exportedPingsWithTotalizers : exportedPings;
    let from = start;
    for (;;) {
      const values = [
        ...[reader.accountId, sensorId, instantParameter(from), instantParameter(end)],
        hasQuality,
      ];
      const pings = await this.database.reads.query<ExportedRow>(reader, statement, values);
      if (pings.length > 0) {
        yield pings.map((ping) => ({ ...ping, quality: qualityOf(ping.quality) }));
      }
      if (pings.length < MAX_EXPORTED_PINGS) return;
      // Instants are stored in milliseconds, and a sensor has one ping at each.
      from = new Date(pings.at(-1)!.at + 1);
    }
  }
}

type Row = Record<string, unknown>;

interface ExportedRow extends Row {
  readonly at: number;
  readonly flowrate: number;
  readonly quality: number | null;
  readonly totalizer: number | null;
}
