import { useCallback, useMemo, useState } from 'react';
import { usePings } from '../../use-pings.js';
import type { OverviewSensor } from './overview-sensor.js';

interface Reading {
  readonly datetime: string;
  readonly flowrate: number;
}

const NONE: ReadonlyMap<string, OverviewSensor> = new Map();

/**
 * The sensors with the readings that arrived since they were loaded. Their volumes stay those of
 * the 24 hours that were loaded.
 */
export function useLiveReadings(
  loaded: readonly OverviewSensor[] | undefined,
  reload: () => void,
): readonly OverviewSensor[] | undefined {
  const byId = useMemo(() => new Map(loaded?.map((sensor) => [sensor.id, sensor])), [loaded]);
  const [live, setLive] = useState({ of: byId, changed: NONE });
  const changed = live.of === byId ? live.changed : NONE;

  usePings(undefined, {
    onPings: (pings) => {
      const next = new Map(changed);
      for (const { sensor, ...reading } of pings) {
        const known = next.get(sensor.id) ?? byId.get(sensor.id);
        if (known && isNewer(reading, known)) next.set(sensor.id, withReading(known, reading));
      }
      setLive({ of: byId, changed: next });
      if (loaded && pings.some(({ sensor }) => !byId.has(sensor.id))) reload();
    },
    onMissed: useCallback(() => reload(), [reload]),
  });

  return useMemo(
    () => (changed.size > 0 ? loaded?.map((each) => changed.get(each.id) ?? each) : loaded),
    [loaded, changed],
  );
}

function isNewer({ datetime }: Reading, { lastPing }: OverviewSensor): boolean {
  return !lastPing || Date.parse(datetime) > Date.parse(lastPing.datetime);
}

function withReading(sensor: OverviewSensor, reading: Reading): OverviewSensor {
  const isSilent = Date.now() - Date.parse(reading.datetime) > sensor.maxGap * 1000;
  return { ...sensor, lastPing: reading, silentSince: isSilent ? reading.datetime : null };
}
