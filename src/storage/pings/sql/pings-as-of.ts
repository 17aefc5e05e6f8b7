import { COUNTS } from '../quality.js';

/**
 * The pings of sensor `s` as they were stored at an instant, (id, datetime, flowrate, recorded_at,
 * quality):
 * those recorded by then whose later corrections and deletions are undone.
 *
 * Of one sensor's pings and revisions, those that were made later have the later instant and the
 * larger id, since a transaction takes both once it has locked the sensor. So what was stored at an
 * instant is what the first revision after that replaced; insertions replace nothing.
 *
 * @param asOf a timestamptz expression
 * @param within a condition on an instant, such as `(at) => at + ' < $3'`
 * @param order of the rows of each of the two parts, which an index gives; and how many of each
 */
export function pingsAsOf(asOf: string, within: Within, order?: Order): string {
  return stored(asOf, within, order, 'true');
}

/** Those of them that counted in volumes: that were not bad. */
export function countingPingsAsOf(asOf: string, within: Within, order?: Order): string {
  return stored(asOf, within, order, COUNTS);
}

/** A condition on an instant. */
type Within = (at: string) => string;

interface Order {
  readonly direction: 'ASC' | 'DESC';
  readonly limit: string;
}

function stored(asOf: string, within: Within, order: Order | undefined, condition: string): string {
  const ordered = order ? `ORDER BY datetime ${order.direction} LIMIT ${order.limit}` : '';
  const ping = `
    SELECT p.id, p.datetime, p.flowrate, p.recorded_at, p.quality FROM ping p
    WHERE p.sensor_id = s.id AND ${within('p.datetime')} AND p.recorded_at <= ${asOf} AND ${condition}
      AND NOT EXISTS (${revisionsAfter(asOf, 'p.datetime')})`;
  const undone = `
    SELECT r.ping_id AS id, r.datetime, r.old_flowrate AS flowrate, r.ping_recorded_at AS recorded_at,
      r.old_quality AS quality
    FROM ping_revision r
    WHERE r.sensor_id = s.id AND ${within('r.datetime')} AND r.revised_at > ${asOf}
      AND r.update_type <> 'INSERT' AND r.ping_recorded_at <= ${asOf}
      AND ${condition.replace('p.quality', 'r.old_quality')}
      AND NOT EXISTS (${revisionsAfter(asOf, 'r.datetime')} AND later.id < r.id)`;
  const both = `(${ping} ${ordered}) UNION ALL (${undone} ${ordered})`;
  return order ? `SELECT * FROM (${both}) AS stored ${ordered}` : both;
}

function revisionsAfter(asOf: string, at: string): string {
  return `SELECT 1 FROM ping_revision later WHERE later.sensor_id = s.id AND later.datetime = ${at}
        AND later.revised_at > ${asOf} AND later.update_type <> 'INSERT'`;
}
