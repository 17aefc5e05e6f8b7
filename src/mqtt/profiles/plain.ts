import { FLOWRATE_FIELD } from '../../domain/transfer/devices/field-readings.js';
import { readDeviceQuality, isObject, parsePayload, quoted, readDatetime } from './json.js';
import { partMeantBy } from '../../domain/pings/misspelt-keys.js';
import { readFlowrateUnit } from '../../domain/shared/unit-names.js';
import { parseInstant } from '../../domain/shared/time.js';
import { readNumber } from '../../domain/transfer/devices/values.js';
import type { ReadProfile, ReadValue } from './profile.js';

/**
 * `{"sensor": "Pump 1", "flowrate": 42, "datetime": "2026-11-28T21:00:00Z"}`, or an array of these, which
 * may have a `unit`, a `quality` and a `totalizer`.
 * Where the topic names the sensor, `sensor` may be left out, and a number alone is a flowrate.
 */
export const readPlain: ReadProfile = (payload, sensor) => {
  const message = parsePayload(payload);
  return (Array.isArray(message) ? (message as unknown[]) : [message]).map((each) =>
    readOne(each, sensor),
  );
};

function readOne(message: unknown, topicSensor: string | undefined): ReadValue | string {
  const fields = isObject(message) ? message : { flowrate: message };
  const { sensor = topicSensor, sensor_id: sensorId, flowrate, datetime, unit, quality } = fields;
  const { totalizer } = fields;
  if (flowrate === undefined) return `The message has no "flowrate": ${quoted(message)}.`;
  if (sensorId !== undefined && typeof sensorId !== 'number') {
    return `"sensor_id" must be a number; got ${quoted(sensorId)}.`;
  }
  if (sensorId === undefined && typeof sensor !== 'string') {
    return sensor === undefined
      ? `The message has neither "sensor" nor "sensor_id": ${quoted(message)}.`
      : `"sensor" must be the name of a sensor; got ${quoted(sensor)}.`;
  }
  const misspelt = misspeltKey(fields);
  if (misspelt !== undefined) return misspelt;
  const at = readDatetime(datetime);
  if (datetime !== undefined && datetime !== null && !at) {
    return `"datetime" must be in ISO 8601, or seconds or milliseconds since 1970; got ${quoted(datetime)}.`;
  }
  const ownUnit = typeof unit === 'string' ? readFlowrateUnit(unit) : undefined;
  if (unit !== undefined && unit !== null && !ownUnit) {
    return `"unit" must be a unit of flowrates such as m3/h; got ${quoted(unit)}.`;
  }
  if (quality !== undefined && quality !== null && !readDeviceQuality(quality)) {
    return `"quality" must be GOOD, UNCERTAIN or BAD, or a quality of OPC; got ${quoted(quality)}.`;
  }
  const count = totalizer === undefined || totalizer === null ? undefined : readNumber(totalizer);
  if (totalizer !== undefined && totalizer !== null && count === undefined) {
    return `"totalizer" must be a number of barrels; got ${quoted(totalizer)}.`;
  }
  return {
    sensorId,
    device: typeof sensor === 'string' ? sensor : '',
    field: FLOWRATE_FIELD,
    value: flowrate,
    datetime: at,
    unit: ownUnit,
    quality: readDeviceQuality(quality),
    totalizer: count,
  };
}

/** Why a message is refused that has a datetime, or another part, under a key that is not known. */
function misspeltKey(fields: Readonly<Record<string, unknown>>): string | undefined {
  for (const [key, value] of Object.entries(fields)) {
    if (KEYS.has(key)) continue;
    const part = partMeantBy(key) ?? (isInstant(value) ? 'datetime' : undefined);
    if (part !== undefined && fields[part] === undefined) {
      return `${quoted(key)} is not known; "${part}" was probably meant.`;
    }
  }
  return undefined;
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && value.includes(':') && parseInstant(value) !== undefined;
}

const KEYS = new Set([
  ...['sensor', 'sensor_id', 'flowrate', 'datetime', 'unit', 'quality', 'totalizer'],
]);
