import type { Client } from 'urql';
import {
  NeighboursDocument,
  VolumeBetweenDocument,
  type NeighboursQueryVariables,
  type Quality,
  type VolumeMethod,
} from '../../../../../generated/graphql/graphql.js';
import { iso } from '../../../range/range.js';
import { displayUnits } from '../../../display-units.js';
import { fromBarrels, toBarrelsPerDay } from '../../../../../domain/shared/units.js';

export interface Reading {
  /** milliseconds since 1970 */
  readonly at: number;
  /** in the user's unit */
  readonly flowrate: number;
  readonly quality: Quality;
}

export interface Neighbours {
  readonly method: VolumeMethod;
  /** the last reading at or before an instant, and the first one at or after another */
  readonly before: Reading | undefined;
  readonly after: Reading | undefined;
}

const DAY_MS = 86_400_000;
const FIRST_PAGE = 10;
/** A long row of bad readings is skipped in large steps. */
const NEXT_PAGE = 1000;

/** The readings next to a stretch of time, bad ones left out unless asked for; milliseconds since 1970. */
export async function loadNeighbours(
  client: Client,
  id: string,
  until: number,
  from: number,
  withBad = false,
): Promise<Neighbours> {
  const [before, after] = await Promise.all([
    loadFirst(client, { id, end: iso(until), order: 'NEWEST_FIRST' }, withBad),
    loadFirst(client, { id, start: iso(from), order: 'OLDEST_FIRST' }, withBad),
  ]);
  return { method: before.method, before: before.reading, after: after.reading };
}

/** The first reading of a list that counts. */
async function loadFirst(
  client: Client,
  list: Pick<NeighboursQueryVariables, 'id' | 'start' | 'end' | 'order'>,
  withBad: boolean,
): Promise<{ method: VolumeMethod; reading: Reading | undefined }> {
  let after: string | null | undefined;
  for (let first = FIRST_PAGE; ; first = NEXT_PAGE) {
    const { data, error } = await client.query(NeighboursDocument, { ...list, first, after });
    if (error) throw error;
    const sensor = data?.flowSensor;
    const found = sensor?.pings.nodes.find(({ quality }) => withBad || quality !== 'BAD');
    if (!found && sensor?.pings.pageInfo.hasNextPage) {
      after = sensor.pings.pageInfo.endCursor;
      continue;
    }
    const reading = found && { ...found, at: Date.parse(found.datetime) };
    return { method: sensor?.method ?? 'LINEAR', reading };
  }
}

/** In the user's unit. */
export async function loadVolume(
  client: Client,
  id: string,
  start: number,
  end: number,
): Promise<number> {
  const variables = { id, start: iso(start), end: iso(end) };
  const { data, error } = await client.query(VolumeBetweenDocument, variables);
  if (error) throw error;
  return data?.flowSensor?.flowVolume.volume ?? 0;
}

/** The volume between two readings that follow each other, in the user's unit; 0 without both of them. */
export function segmentVolume(
  from: Pick<Reading, 'at' | 'flowrate'> | undefined,
  to: Pick<Reading, 'at' | 'flowrate'> | undefined,
  method: VolumeMethod,
): number {
  if (!from || !to) return 0;
  const flowrate = method === 'STEP' ? from.flowrate : (from.flowrate + to.flowrate) / 2;
  const barrels =
    (toBarrelsPerDay(flowrate, displayUnits.flowrateUnit) * (to.at - from.at)) / DAY_MS;
  return fromBarrels(barrels, displayUnits.volumeUnit);
}
