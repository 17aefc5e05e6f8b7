import { FLOWRATE_FIELD } from '../../domain/transfer/devices/field-readings.js';
import { readDeviceQuality, isObject, parsePayload, quoted, readDatetime } from './json.js';
import { BadMessageError, type ReadProfile, type ReadValue } from './profile.js';

/**
 * The standard template of Kepware's IoT Gateway:
 * `{"timestamp": 1500000000000, "values": [{"id": "Channel1.Device1.Tag1", "v": 42, "q": true, "t": 1500000000000}]}`.
 * Each tag is a device of its own.
 */
export const readKepware: ReadProfile = (payload) => {
  const message = parsePayload(payload);
  if (!isObject(message) || !Array.isArray(message['values'])) {
    throw new BadMessageError(`The message has no "values": ${quoted(message)}.`);
  }
  const { timestamp } = message;
  return (message['values'] as unknown[]).map((each) => readOne(each, timestamp));
};

function readOne(entry: unknown, timestamp: unknown): ReadValue | string {
  const { id, v: value, q, t = timestamp } = isObject(entry) ? entry : {};
  if (typeof id !== 'string') return `A value has no "id": ${quoted(entry)}.`;
  const datetime = readDatetime(t);
  if (t !== undefined && !datetime) {
    return `${id}: "t" must be in milliseconds since 1970; got ${quoted(t)}.`;
  }
  // Without a value nothing was read.
  if (value === null || value === undefined) return `${id}: the tag has no value.`;
  const quality = readDeviceQuality(q);
  return { device: id, field: FLOWRATE_FIELD, value, datetime, quality };
}
