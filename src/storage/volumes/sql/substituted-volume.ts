import { isSubstitute } from '../../pings/sql/substitutes.js';
import { middleFlowrate, milliseconds } from '../../summaries/sql/segment.js';

/** The pings of sensor `s` that count and meet a condition on their instants, (id, datetime, flowrate). */
export interface Counting {
  readonly all: (within: Within) => string;
  /** the first or the last of them */
  readonly nearest: (within: Within, direction: 'ASC' | 'DESC') => string;
}

type Within = (at: string) => string;

/**
 * The barrels of the range `k` of sensor `s` in segments that begin at a substitute, and with LINEAR
 * also in those that end at one: (linear, step), one row. Each segment is clipped to the range, so it is
 * additive over any split of it.
 *
 * @param within whether the volume depends on the ping at an instant
 * @param revisedBy a further condition on the revisions `r` that count
 */
export function substitutedVolume(
  { all, nearest }: Counting,
  within: Within,
  revisedBy: string,
): string {
  const [from, to] = [`greatest(g.from_at, k.start)`, `least(g.to_at, k."end")`];
  const length = milliseconds('g.from_at', 'g.to_at');
  const middle = middleFlowrate(
    ...(['g.from_flowrate', 'g.to_flowrate'] as const),
    milliseconds('g.from_at', from),
    milliseconds(to, 'g.to_at'),
    length,
  );
  const instants = `SELECT sp.datetime FROM substituted_ping sp WHERE sp.sensor_id = s.id AND ${within('sp.datetime')}`;
  const days = `(${milliseconds(from, to)} / 86400000.0)`;
  return `
    SELECT coalesce(sum((${middle}) * ${days}), 0) AS linear,
      coalesce(sum(g.from_flowrate * ${days}) FILTER (WHERE g.begins), 0) AS step
    FROM (
      WITH substitute AS MATERIALIZED (
        SELECT c.datetime, c.flowrate FROM (${all((at) => `${at} = ANY(ARRAY(${instants}))`)}) AS c
        WHERE ${isSubstitute('c', revisedBy)}
      )
      SELECT c.datetime AS from_at, c.flowrate AS from_flowrate, n.datetime AS to_at,
        n.flowrate AS to_flowrate, true AS begins
      FROM substitute c CROSS JOIN LATERAL (${nearest((at) => `${at} > c.datetime`, 'ASC')}) AS n
      UNION ALL
      SELECT n.datetime, n.flowrate, c.datetime, c.flowrate, false
      FROM substitute c CROSS JOIN LATERAL (${nearest((at) => `${at} < c.datetime`, 'DESC')}) AS n
      WHERE NOT EXISTS (SELECT 1 FROM substitute o WHERE o.datetime = n.datetime)
    ) AS g
    WHERE g.to_at > k.start AND g.from_at < k."end"`;
}
