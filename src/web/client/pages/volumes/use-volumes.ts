import { useCallback } from 'react';
import type { Client } from 'urql';
import {
  VolumesOfAllDocument,
  type VolumesOfAllQuery,
} from '../../../../generated/graphql/graphql.js';
import { hasData, measuredTime } from '../../measured-time.js';
import { iso, type Range } from '../../range/range.js';
import { useAsync } from '../../use-async.js';

type Sensor = VolumesOfAllQuery['flowSensors']['nodes'][number];

/** What flowed through a sensor in a period, in the user’s unit. */
export interface SensorVolume {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly volume: number;
  readonly interpolated: number;
  readonly before: number;
  /** false: no readings cover any of the period, so that its volume is not known */
  readonly hasData: boolean;
  readonly hadData: boolean;
  /** the share of the time that is measured; undefined where no reading is due yet */
  readonly measured: number | undefined;
}

export interface VolumesOfAll {
  /** what the user wants to see by it; it stays the same while a period goes on */
  readonly question: string;
  readonly range: Range;
  readonly before: Range;
  readonly sensors: readonly SensorVolume[];
}

/** The volumes of all sensors in a range, and in the one before. */
export function useVolumes(question: string, range: Range, before: Range) {
  const load = useCallback(
    async (client: Client): Promise<VolumesOfAll> => ({
      question,
      range,
      before,
      sensors: await loadVolumes(client, range, before),
    }),
    [question, range.start, range.end, before.start, before.end],
  );
  return useAsync(load);
}

/** One request for up to 1000 sensors. */
async function loadVolumes(client: Client, range: Range, before: Range): Promise<SensorVolume[]> {
  const variables = {
    start: iso(range.start),
    end: iso(range.end),
    beforeStart: iso(before.start),
    beforeEnd: iso(before.end),
  };
  const sensors: SensorVolume[] = [];
  let after: string | null | undefined;
  do {
    const { data, error } = await client.query(VolumesOfAllDocument, { ...variables, after });
    if (error) throw error;
    const found = data?.flowSensors.nodes ?? [];
    sensors.push(...found.filter((sensor) => wasInService(sensor, before)).map(sensorVolume));
    const page = data?.flowSensors.pageInfo;
    after = page?.hasNextPage ? page.endCursor : undefined;
  } while (after);
  return sensors;
}

/** Sensors that retired later count, as they do in the totals of the API. */
function wasInService({ retiredAt }: Sensor, { start }: Range): boolean {
  return !retiredAt || Date.parse(retiredAt) > start;
}

function sensorVolume(sensor: Sensor): SensorVolume {
  const { id, name, tags, flowVolume, before } = sensor;
  return {
    id,
    name,
    tags,
    volume: flowVolume.volume,
    interpolated: flowVolume.volumeInterpolated,
    before: before.volume,
    hasData: hasData(flowVolume),
    hadData: hasData(before),
    measured: measuredTime(flowVolume, sensor).share,
  };
}
