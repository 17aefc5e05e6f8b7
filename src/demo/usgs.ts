import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { DemoSensor, Reading } from './sensor.js';

// See the README beside it for source and licence.
const FILE = new URL('../../prisma/demo/usgs-2018-06.csv.gz', import.meta.url);
const QUARTER_HOUR_MS = 900_000;

const NAMES: Readonly<Record<string, string>> = {
  'USGS-01338000': 'USGS 01338000 Oriskany Creek',
  'USGS-01589330': 'USGS 01589330 Dead Run',
};

/** A month of two real gauges, moved in time by whole quarters of an hour so that it ends now. */
export async function usgsSensors(now: Date): Promise<DemoSensor[]> {
  const csv = (await promisify(gunzip)(await readFile(FILE))).toString();
  const rows = csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',') as [string, string, string, string, string]);
  return Object.entries(NAMES).map(([station, name]) => {
    const ofStation = rows.filter((row) => row[0] === station);
    const [, latitude, longitude] = ofStation[0]!;
    const readings = ofStation.map(([, , , datetime, flowrate]): Reading => [
      Date.parse(datetime),
      Number(flowrate),
    ]);
    return {
      name,
      latitude: Number(latitude),
      longitude: Number(longitude),
      pipeDiameter: null,
      readings: endingAt(now, readings),
    };
  });
}

/**
 * What one of these sensors sends after its last reading: the gauge's month backwards, then forwards
 * again, so that the flow does not jump.
 * @param first the sensor's first reading, milliseconds since 1970, as `last` and `now`
 * @returns undefined if there is no sensor of that name
 */
export async function usgsReadings(
  name: string,
  first: number,
  last: number,
  now: number,
): Promise<Reading[] | undefined> {
  if (!Object.values(NAMES).includes(name)) return undefined;
  if (last + QUARTER_HOUR_MS > now) return [];
  const sensors = await usgsSensors(new Date(first));
  const month = sensors.find((sensor) => sensor.name === name)!;
  const begin = month.readings[0]![0];
  const span = month.readings.at(-1)![0] - begin;
  const flowrates = new Map(month.readings.map(([time, flowrate]) => [time - begin, flowrate]));
  const found: Reading[] = [];
  for (let due = last + QUARTER_HOUR_MS; due <= now; due += QUARTER_HOUR_MS) {
    const phase = (due - first) % (2 * span);
    const flowrate = flowrates.get(Math.min(phase, 2 * span - phase));
    if (flowrate !== undefined) found.push([due, flowrate]);
  }
  return found;
}

function endingAt(now: Date, readings: readonly Reading[]): Reading[] {
  const behind = now.getTime() - readings.at(-1)![0];
  const shift = Math.floor(behind / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
  return readings.map(([time, flowrate]) => [time + shift, flowrate]);
}
