import type { SensorRecord } from '../../domain/sensors/sensors.js';
import { formatInstant } from '../../domain/shared/time.js';
import { spreadsheetField } from '../../domain/transfer/csv-field.js';
import type { Calendar, FlowVolume } from '../../domain/volumes/volumes.js';
import { MINUTE_MS } from '../../domain/shared/durations.js';
import { fromBarrels, fromBarrelsPerDay, type DisplayUnits } from '../../domain/shared/units.js';

type Place = Omit<Calendar, 'interval'>;

/** Names the unit of each figure, such as `volume_m3` and `min_flowrate_m3_h`. */
export function volumesHeader({ volumeUnit, flowrateUnit }: DisplayUnits): string {
  const [ofVolume, ofFlowrate] = [volumeUnit, flowrateUnit].map(inHeader);
  return `${[
    ...['sensor_id', 'sensor_name', 'contract_date', 'time_zone', 'day_start', 'start', 'end'],
    ...['partial', `volume_${ofVolume}`, `volume_measured_${ofVolume}`],
    ...[`volume_interpolated_${ofVolume}`, 'coverage', 'duration_good_s'],
    ...['duration_interpolated_s', 'duration_missing_s', 'ping_count'],
    ...[`min_flowrate_${ofFlowrate}`, `max_flowrate_${ofFlowrate}`],
    `average_flowrate_${ofFlowrate}`,
  ].join()}\n`;
}

/** Such as `acre_ft_d` of acre-ft/d. */
export function inHeader(unit: string): string {
  return unit.replace(/\W/g, '_');
}

/**
 * The rows of a sensor's volumes, one for each bucket, oldest first.
 * @param cut whether the range cuts the first bucket and the last one: these rows are `partial`
 */
export function volumeRows(
  { id, name }: Pick<SensorRecord, 'id' | 'name'>,
  volumes: readonly FlowVolume[],
  calendar: Place,
  cut: { readonly first: boolean; readonly last: boolean },
  units: DisplayUnits,
): string {
  const contractDate = contractDateIn(calendar);
  const sensor = `${id},${spreadsheetField(name)}`;
  const place = `${calendar.timeZone},${calendar.dayStart}`;
  const rows = volumes.map((volume, index) => {
    const isPartial = (index === 0 && cut.first) || (index === volumes.length - 1 && cut.last);
    const bounds = `${formatInstant(volume.start)},${formatInstant(volume.end)},${isPartial}`;
    return `${sensor},${contractDate(volume.start)},${place},${bounds},${figures(volume, units)}\n`;
  });
  return rows.join('');
}

/** Names the range too, without characters that file systems refuse. */
export function volumesFileName(
  what: string,
  { start, end }: { readonly start: Date; readonly end: Date },
  interval: Calendar['interval'] | undefined,
): string {
  const per = interval ? `-${interval.toLowerCase()}` : '';
  return `${what}${per}-${inName(start)}-${inName(end)}.csv`;
}

/** Names the range as far as it is bounded. */
export function pingsFileName(
  id: number,
  { start, end }: { readonly start: Date | undefined; readonly end: Date | undefined },
): string {
  const from = start ? `-from-${inName(start)}` : '';
  const to = end ? `-to-${inName(end)}` : '';
  return `sensor-${id}-pings${from}${to}.csv`;
}

function inName(instant: Date): string {
  return formatInstant(instant).replace(/[-:]/g, '');
}

function figures(volume: FlowVolume, { volumeUnit, flowrateUnit }: DisplayUnits): string {
  const ofVolume = (barrels: number) => fromBarrels(barrels, volumeUnit);
  const ofFlowrate = (flowrate: number | null) =>
    flowrate === null ? '' : fromBarrelsPerDay(flowrate, flowrateUnit);
  return [
    ofVolume(volume.volume),
    ofVolume(volume.volumeMeasured),
    ofVolume(volume.volumeInterpolated),
    volume.coverage,
    volume.durationGood,
    volume.durationInterpolated,
    volume.durationMissing,
    volume.pingCount,
    ofFlowrate(volume.minFlowrate),
    ofFlowrate(volume.maxFlowrate),
    ofFlowrate(volume.averageFlowrate),
  ].join();
}

/**
 * The contract day that an instant is in, as `YYYY-MM-DD`: the local date, or the day before where
 * the local time of day is earlier than the day's start.
 */
function contractDateIn({ timeZone, dayStart }: Place): (instant: Date) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const [hours = 0, minutes = 0] = dayStart.split(':').map(Number);
  return (instant) => {
    const parts = new Map(
      format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const local = Date.UTC(
      parts.get('year') ?? 1,
      (parts.get('month') ?? 1) - 1,
      parts.get('day'),
      parts.get('hour'),
      parts.get('minute'),
    );
    return new Date(local - (hours * 60 + minutes) * MINUTE_MS).toISOString().slice(0, 10);
  };
}
