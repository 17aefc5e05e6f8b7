import type { Database, Statement } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { TimeRange } from '../postgres/time-range.js';

/** `at` in milliseconds since 1970, flowrate bbl/d. */
export interface ExportedPing {
  readonly sensor_id: number;
  readonly sensor_name: string;
  readonly at: number;
  readonly flowrate: number;
}

const ROWS_AT_ONCE = 5000;

/**
 * A cursor, which reads all of one snapshot and holds none of it. COPY would
 * take no parameters. $1 int account, $2 int sensor or null for all,
 * $3, $4 timestamptz range, both inclusive
 */
const openExport: Statement = {
  name: 'open_export',
  text: `
    DECLARE exported NO SCROLL CURSOR FOR
    SELECT s.id AS sensor_id, s.name AS sensor_name,
      round(date_part('epoch', p.datetime) * 1000) AS at, p.flowrate
    FROM flow_sensor s JOIN ping p ON p.sensor_id = s.id
    WHERE s.account_id = $1 AND ($2::int IS NULL OR s.id = $2)
      AND p.datetime >= $3 AND p.datetime <= $4
    ORDER BY p.sensor_id, p.datetime`,
};

const fetchExport: Statement = {
  name: 'fetch_export',
  text: `FETCH ${ROWS_AT_ONCE} FROM exported`,
};

export class ExportStore {
  constructor(private readonly database: Database) {}

  /**
   * Hands over an account's pings by sensor id and datetime, some thousand at a time.
   * @param sensorId undefined for all sensors
   * @param range both ends inclusive
   */
  read(
    accountId: number,
    sensorId: number | undefined,
    range: TimeRange,
    take: (pings: ExportedPing[]) => Promise<void>,
  ): Promise<void> {
    return this.database.transfers.transaction(async (transaction) => {
      const { start, end } = range;
      await transaction.query(openExport, [
        accountId,
        sensorId ?? null,
        instantParameter(start),
        instantParameter(end),
      ]);
      for (;;) {
        const pings = await transaction.query<ExportedPing & Record<string, unknown>>(
          fetchExport,
          [],
        );
        if (pings.length === 0) return;
        await take(pings);
      }
    });
  }
}
