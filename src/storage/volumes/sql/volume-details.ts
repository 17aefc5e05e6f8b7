import { COUNTS, SEVERITY } from '../../pings/quality.js';
import { countingPingsAsOf, pingsAsOf } from '../../pings/sql/pings-as-of.js';
import { middleFlowrate, milliseconds } from '../../summaries/sql/segment.js';
import type { Statement } from '../../postgres/database.js';
import { substitutedVolume, type Counting } from './substituted-volume.js';
import { recordLayout } from '../../postgres/record-layout.js';

/** The severity of a volume that no ping takes part in. */
export const NONE = -1;

/** What is beside the volume of one range; flowrates (bbl/d) are NaN where no segment runs. */
export const DETAIL_RECORD = recordLayout({
  range: 'int4',
  start_linear: 'float8',
  start_step: 'float8',
  end_linear: 'float8',
  end_step: 'float8',
  revisions: 'float8',
  severity: 'int4',
  substituted_linear: 'float8',
  substituted_step: 'float8',
});

/** Whether the range has a ping that counts, or part of a segment. */
const IS_KNOWN = '(b.before_at IS NOT NULL AND coalesce(a.exact_at, a.after_at) IS NOT NULL)';

/**
 * The flowrates at the ends of ranges of sensors, each taken from within the range: of the segment
 * that begins at or before its start, and of the one that ends at or after its end. And the number
 * of revisions of the pings that the volume depends on: from the last one at or before its start to
 * the first one at or after its end; and the worst severity of those, bad ones among them; and the
 * barrels in segments that substitutes bound.
 *
 * $1 int account id, $2 int[] sensor ids, $3, $4 timestamptz[] starts and ends, pairwise
 *
 * One row: a DETAIL_RECORD for each range whose sensor the account has, numbered from 1, in no
 * order; null where there are none.
 */
export const volumeDetails = statement(
  'volume_details',
  { all: allStored, nearest: nearestStored },
  worstStored,
  '',
);

/** The same of the pings as they were stored at the instant $5, and the revisions made by then. */
export const volumeDetailsAsOf = statement(
  'volume_details_as_of',
  { all: allAsOf, nearest: nearestAsOf },
  worstAsOf,
  'AND r.revised_at <= $5::timestamptz',
);

/** From the last ping at or before the range's start to the first one at or after its end. */
function within(at: string): string {
  return `${at} >= coalesce(a.exact_at, a.before_at, '-infinity')
            AND ${at} <= coalesce(b.exact_at, b.after_at, 'infinity')`;
}

/** The same, but no further than the range where no ping that counts follows on that side. */
function withinKnown(at: string): string {
  return `${at} >= CASE WHEN ${IS_KNOWN} THEN coalesce(a.exact_at, a.before_at, k.start) ELSE k.start END
            AND ${at} <= coalesce(b.exact_at, b.after_at, k."end" - interval '1 millisecond')`;
}

/** The worst severity of the pings that the volume depends on, and of bad ones among them. */
function worstStored(): string {
  const isAny = (severity: number) =>
    `EXISTS (SELECT 1 FROM ping p WHERE p.sensor_id = s.id AND p.quality = ${severity} AND ${withinKnown('p.datetime')})`;
  return `CASE WHEN ${isAny(0)} THEN 0 WHEN NOT ${IS_KNOWN} THEN ${NONE} WHEN ${isAny(64)} THEN 64 ELSE 192 END`;
}

function worstAsOf(): string {
  return `(SELECT CASE WHEN min(${SEVERITY}) = 0 THEN 0 WHEN NOT ${IS_KNOWN} THEN ${NONE}
          ELSE coalesce(min(${SEVERITY}), 192) END FROM (${pingsAsOf('$5::timestamptz', withinKnown)}) AS p)`;
}

type Direction = 'ASC' | 'DESC';

function statement(
  name: string,
  counting: Counting,
  worst: () => string,
  revisedBy: string,
): Statement {
  return {
    name,
    text: `
    SELECT ${DETAIL_RECORD.packed()} AS details
    FROM (
      SELECT k.range::int AS range,
        ${orUnknown(flowrateAt('a', 'k.start', 'after', 'linear'))} AS start_linear,
        ${orUnknown(flowrateAt('a', 'k.start', 'after', 'step'))} AS start_step,
        ${orUnknown(flowrateAt('b', 'k."end"', 'before', 'linear'))} AS end_linear,
        ${orUnknown(flowrateAt('b', 'k."end"', 'before', 'step'))} AS end_step,
        (SELECT count(*) FROM ping_revision r
          WHERE r.sensor_id = s.id AND ${within('r.datetime')} ${revisedBy})::float8 AS revisions,
        ${worst()} AS severity, sub.linear AS substituted_linear, sub.step AS substituted_step
      FROM flow_sensor s
      JOIN unnest($2::int[], $3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY
        AS k (sensor_id, start, "end", range) ON k.sensor_id = s.id
      CROSS JOIN LATERAL (${neighbours('k.start', counting.nearest)}) AS a
      CROSS JOIN LATERAL (${neighbours('k."end"', counting.nearest)}) AS b
      CROSS JOIN LATERAL (${substitutedVolume(counting, within, revisedBy)}) AS sub
      WHERE s.account_id = $1 AND s.id = ANY($2::int[])
    ) AS detail`,
  };
}

/** The pings of sensor `s` before, at and after an instant: one row. */
function neighbours(instant: string, nearest: typeof nearestStored): string {
  return `
    SELECT before.datetime AS before_at, before.flowrate AS before_flowrate,
      exact.datetime AS exact_at, exact.flowrate AS exact_flowrate,
      after.datetime AS after_at, after.flowrate AS after_flowrate
    FROM (SELECT) AS one
    LEFT JOIN LATERAL (${nearest((at) => `${at} < ${instant}`, 'DESC')}) AS before ON true
    LEFT JOIN LATERAL (${nearest((at) => `${at} = ${instant}`, 'ASC')}) AS exact ON true
    LEFT JOIN LATERAL (${nearest((at) => `${at} > ${instant}`, 'ASC')}) AS after ON true`;
}

function allStored(within: (at: string) => string): string {
  return `SELECT p.id, p.datetime, p.flowrate FROM ping p WHERE p.sensor_id = s.id AND ${within('p.datetime')} AND ${COUNTS}`;
}

function allAsOf(within: (at: string) => string): string {
  return countingPingsAsOf('$5::timestamptz', within);
}

function nearestStored(within: (at: string) => string, direction: Direction): string {
  return `
      SELECT p.datetime, p.flowrate FROM ping p
      WHERE p.sensor_id = s.id AND ${within('p.datetime')} AND ${COUNTS} ORDER BY p.datetime ${direction} LIMIT 1`;
}

function nearestAsOf(within: (at: string) => string, direction: Direction): string {
  return countingPingsAsOf('$5::timestamptz', within, { direction, limit: '1' });
}

/**
 * The flowrate at an instant, null where no segment runs.
 *
 * @param side on which the segment lies if there is a ping at the instant
 */
function flowrateAt(
  of: string,
  instant: string,
  side: 'before' | 'after',
  method: 'linear' | 'step',
): string {
  const [length, passed, left] = [
    milliseconds(`${of}.before_at`, `${of}.after_at`),
    milliseconds(`${of}.before_at`, instant),
    milliseconds(instant, `${of}.after_at`),
  ];
  const [from, to] = [`${of}.before_flowrate`, `${of}.after_flowrate`];
  const atPing = method === 'step' && side === 'before' ? from : `${of}.exact_flowrate`;
  const between = method === 'step' ? from : middleFlowrate(from, to, passed, left, length);
  return `CASE
          WHEN ${of}.exact_at IS NOT NULL THEN CASE WHEN ${of}.${side}_at IS NOT NULL THEN ${atPing} END
          WHEN ${of}.before_at IS NOT NULL AND ${of}.after_at IS NOT NULL THEN ${between} END`;
}

function orUnknown(flowrate: string): string {
  return `coalesce(${flowrate}, 'NaN'::float8)`;
}
