import { isObject, parsePayload, quoted, readDatetime } from './json.js';
import { BadMessageError, type ReadProfile, type ReadValue } from './profile.js';

/**
 * Telemetry of ThingsBoard. Of a gateway: `{"Device A": [{"ts": 1500000000000, "values": {"flowrate": 42}}]}`;
 * of one device, where the topic names it: that array, one of its entries, or `{"flowrate": 42}`, which may
 * have `ts` too.
 */
export const readThingsboard: ReadProfile = (payload, device) => {
  const message = parsePayload(payload);
  if (device !== undefined) return entriesOf(message).flatMap((entry) => readEntry(device, entry));
  if (!isObject(message)) {
    throw new BadMessageError(`The message must be an object of devices; got ${quoted(message)}.`);
  }
  return Object.entries(message).flatMap(([name, telemetry]) =>
    entriesOf(telemetry).flatMap((entry) => readEntry(name, entry)),
  );
};

function entriesOf(telemetry: unknown): readonly unknown[] {
  return Array.isArray(telemetry) ? (telemetry as unknown[]) : [telemetry];
}

function readEntry(device: string, entry: unknown): (ReadValue | string)[] {
  if (!isObject(entry)) return [`${device}: telemetry must be an object; got ${quoted(entry)}.`];
  const { ts, ...rest } = entry;
  // Some gateways send the values beside the time.
  const values = ts !== undefined && isObject(rest['values']) ? rest['values'] : rest;
  const datetime = readDatetime(ts);
  if (ts !== undefined && !datetime) {
    return [`${device}: "ts" must be in milliseconds since 1970; got ${quoted(ts)}.`];
  }
  return Object.entries(values).map(([field, value]) => ({
    ...{ device, field, value, datetime },
  }));
}
