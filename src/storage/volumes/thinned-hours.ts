import { ThinnedPingsError } from '../pings/thinned-pings-error.js';
import type { Database } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { Reader } from '../postgres/reader.js';
import { HOUR, LEVELS } from '../summaries/sql/level.js';
import { thinnedInstant, unknownBefore } from './sql/thinned-instants.js';

const { widthMs } = LEVELS[HOUR];

/** A sensor whose volumes were read, and until when its pings are thinned (milliseconds since 1970). */
export interface ThinnedSensor {
  readonly sensor_id: number;
  readonly thinned_until: number | null;
}

/**
 * Asserts that volumes between boundaries rest on all pings that they need: of a thinned hour the whole
 * is known, but no part of it; and it is not known what was stored earlier. Most sensors have no thinned
 * pings, and take no statement.
 * @throws ThinnedPingsError that names the instant
 */
export async function requireWholeHours(
  database: Database,
  reader: Reader,
  sensors: readonly ThinnedSensor[],
  boundaries: readonly Date[],
  asOf: Date | undefined,
): Promise<void> {
  const thinned = sensors.filter(({ thinned_until }) => thinned_until !== null);
  if (thinned.length === 0) return;
  const until = Math.max(...thinned.map(({ thinned_until }) => thinned_until!));
  const ids = thinned.map(({ sensor_id }) => sensor_id);
  const [start, end] = [boundaries[0]!, boundaries.at(-1)!];
  if (asOf) {
    if (start.getTime() < until) throw new ThinnedPingsError('asOf', start, new Date(until));
    const values = [reader.accountId, ids, instantParameter(start), instantParameter(asOf)];
    const [unknown] = await database.reads.query<Found>(reader, unknownBefore, values);
    if (unknown) throw new ThinnedPingsError('asOf', start, new Date(unknown.thinned_until));
    return;
  }
  const instants = boundaries.filter((at) => at.getTime() < until && at.getTime() % widthMs !== 0);
  if (instants.length === 0) return;
  const values = [reader.accountId, ids, instants.map(instantParameter)];
  const [lost] = await database.reads.query<Found>(reader, thinnedInstant, values);
  if (!lost) return;
  const field =
    lost.at === start.getTime() ? 'start' : lost.at === end.getTime() ? 'end' : 'dayStart';
  throw new ThinnedPingsError(field, new Date(lost.at), new Date(lost.thinned_until));
}

interface Found {
  readonly at: number;
  readonly thinned_until: number;
  readonly [column: string]: unknown;
}
