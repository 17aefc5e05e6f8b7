import type { Database, Statement, Transaction } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { ALL } from '../summaries/sql/level.js';
import { COUNTS } from '../pings/quality.js';
import { countingPingsAsOf } from '../pings/sql/pings-as-of.js';
import { maxGapAt } from '../summaries/sql/max-gap.js';

/** A sensor that replaced another one, from an instant on. */
export interface SensorLink {
  readonly id: number;
  readonly continuesSensorId: number;
  readonly continuesFrom: Date;
}

/** What is to be known before a sensor continues another one. */
export interface ContinuationCandidate {
  /** the sensor to be continued; undefined where the account has none of that id */
  readonly earlier:
    | { readonly retiredAt: Date | null; readonly lastPingAt: Date | null }
    | undefined;
  /** every link of the account */
  readonly links: readonly SensorLink[];
}

/** The first and the last ping of a sensor in its range. */
export interface EdgePings {
  readonly sensor_id: number;
  /** milliseconds since 1970, bbl/d; null where there are none */
  readonly first_at: number | null;
  readonly first_flowrate: number | null;
  readonly last_at: number | null;
  readonly last_flowrate: number | null;
  /** seconds, in force at the last one */
  readonly max_gap: number;
}

/** $1 int account id */
const sensorLinks: Statement = {
  name: 'sensor_links',
  text: `
    SELECT id, continues_sensor_id AS "continuesSensorId", continues_from AS "continuesFrom"
    FROM flow_sensor WHERE account_id = $1 AND continues_sensor_id IS NOT NULL`,
};

/** One at a time changes the links of an account: they must not form a cycle. $1 int account id */
const lockLinks: Statement = {
  name: 'lock_sensor_links',
  text: `SELECT pg_advisory_xact_lock(hashtext('flowgate.sensor_links'), $1)`,
};

/** $1 int account id, $2 int sensor id */
const earlierSensor: Statement = {
  name: 'continued_sensor',
  text: `
    SELECT s.retired_at AS "retiredAt", a.last_at AS "lastPingAt"
    FROM flow_sensor s JOIN ping_summary a ON a.sensor_id = s.id AND a.level = ${ALL}
    WHERE s.account_id = $1 AND s.id = $2`,
};

/**
 * The first and the last ping of sensors between two instants of each, bad ones left out.
 *
 * $1 int account id, $2 int[] sensor ids, each once, $3, $4 timestamptz[] range of each, half-open
 */
const edgePings = statement('edge_pings', (direction) =>
  [
    'SELECT p.datetime, p.flowrate FROM ping p WHERE p.sensor_id = s.id',
    `AND ${within('p.datetime')} AND ${COUNTS} ORDER BY p.datetime ${direction} LIMIT 1`,
  ].join(' '),
);

/** The same of the pings as they were stored at the instant $5. */
const edgePingsAsOf = statement('edge_pings_as_of', (direction) =>
  countingPingsAsOf('$5::timestamptz', within, { direction, limit: '1' }),
);

function statement(name: string, one: (direction: 'ASC' | 'DESC') => string): Statement {
  const milliseconds = (at: string) => `round(date_part('epoch', ${at}) * 1000)`;
  return {
    name,
    text: `
    SELECT s.id AS sensor_id, ${milliseconds('f.datetime')} AS first_at, f.flowrate AS first_flowrate,
      ${milliseconds('l.datetime')} AS last_at, l.flowrate AS last_flowrate,
      ${maxGapAt('l.datetime')} AS max_gap
    FROM flow_sensor s
    LEFT JOIN LATERAL (${one('ASC')}) AS f ON true
    LEFT JOIN LATERAL (${one('DESC')}) AS l ON true
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
  };
}

function within(at: string): string {
  const own = (values: string) => `(${values}::timestamptz[])[array_position($2::int[], s.id)]`;
  return `${at} >= ${own('$3')} AND ${at} < ${own('$4')}`;
}

/** Which sensors replaced which. */
export class ContinuationStore {
  constructor(private readonly database: Database) {}

  /** Every link of the account. */
  links(reader: Reader): Promise<SensorLink[]> {
    return this.database.reads.query(reader, sensorLinks, [reader.accountId]);
  }

  /** @param parts each sensor once */
  edgePings(
    reader: Reader,
    parts: readonly { readonly id: number; readonly start: Date; readonly end: Date }[],
    asOf?: Date,
  ): Promise<EdgePings[]> {
    return this.database.reads.query(reader, asOf ? edgePingsAsOf : edgePings, [
      ...[reader.accountId, parts.map(({ id }) => id)],
      parts.map(({ start }) => instantParameter(start)),
      parts.map(({ end }) => instantParameter(end)),
      ...(asOf ? [instantParameter(asOf)] : []),
    ]);
  }
}

/** Locks the account's links until the transaction ends. */
export async function readCandidate(
  transaction: Transaction,
  accountId: number,
  earlierId: number,
): Promise<ContinuationCandidate> {
  await transaction.query(lockLinks, [accountId]);
  const links = await transaction.query<SensorLink>(sensorLinks, [accountId]);
  const [earlier] = await transaction.query<{ retiredAt: Date | null; lastPingAt: Date | null }>(
    earlierSensor,
    [accountId, earlierId],
  );
  return { earlier, links };
}
