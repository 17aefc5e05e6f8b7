import { useCallback } from 'react';
import type { Client } from 'urql';
import {
  SensorNamesByIdDocument,
  SensorReadingsDocument,
  SensorVolumesDocument,
  type VolumeInterval,
} from '../../../../generated/graphql/graphql.js';
import { dateTime } from '../../format.js';
import { earlierRange, type PeriodBefore } from '../../range/range-before.js';
import { iso, type Range } from '../../range/range.js';
import { useAsync } from '../../use-async.js';
import type { Calendar } from '../../range/presets.js';
import { comparedVolumes, type ComparedSeries } from './comparison.js';

export interface Comparison {
  /** what the user wants to see by it; it stays the same while a period goes on */
  readonly question: string;
  readonly range: Range;
  readonly interval: VolumeInterval;
  readonly series: readonly ComparedSeries[];
}

export interface Compared extends Calendar {
  readonly question: string;
  readonly sensorIds: readonly string[];
  /** compares each sensor with itself, too */
  readonly before: PeriodBefore | undefined;
  readonly range: Range;
  readonly interval: VolumeInterval;
}

const MAX_POINTS = 1500;

/** The readings and volumes of all that is compared; ids that the account does not have are left out. */
export function useComparison(asked: Compared) {
  const { question, sensorIds, before, range, interval, timeZone, dayStart } = asked;
  const load = useCallback(
    (client: Client) => loadComparison(client, asked),
    [question, sensorIds.join(), before, range.start, range.end, interval, timeZone, dayStart],
  );
  return useAsync(load);
}

async function loadComparison(client: Client, asked: Compared): Promise<Comparison> {
  const { question, sensorIds, before, range, interval } = asked;
  const names = await client.query(SensorNamesByIdDocument, { ids: [...sensorIds] });
  if (names.error) throw names.error;
  const found = names.data?.flowSensors.nodes ?? [];
  const sensors = sensorIds.flatMap((id) => found.find((sensor) => sensor.id === id) ?? []);
  const ranges = [range, ...(before ? [earlierRange(range, before, asked)] : [])];
  const series = await Promise.all(
    sensors.flatMap((sensor) =>
      ranges.map((each) => loadSeries(client, asked, sensor, each, ranges.length > 1)),
    ),
  );
  return { question, range, interval, series };
}

async function loadSeries(
  client: Client,
  { range, interval, timeZone, dayStart }: Compared,
  { id, name }: { id: string; name: string },
  { start, end }: Range,
  hasPeriods: boolean,
): Promise<ComparedSeries> {
  const bounds = { id, start: iso(start), end: iso(end) };
  const [readings, volumes] = await Promise.all([
    client.query(SensorReadingsDocument, { ...bounds, maxPoints: MAX_POINTS }),
    client.query(SensorVolumesDocument, { ...bounds, interval, timeZone, dayStart }),
  ]);
  const error = readings.error ?? volumes.error;
  if (error) throw error;
  const sensor = volumes.data!.flowSensor!;
  const { series: points, outages } = readings.data!.flowSensor!;
  return {
    key: `${id} ${start}`,
    name: hasPeriods ? `${name}, from ${dateTime(new Date(start), timeZone)}` : name,
    sensorName: name,
    sensorId: id,
    range: { start, end },
    shift: range.start - start,
    points,
    outages,
    ...comparedVolumes(sensor),
  };
}
