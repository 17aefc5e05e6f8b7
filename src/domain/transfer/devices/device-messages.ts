import type { DeviceStore, Network } from '../../../storage/transfer/device-store.js';
import type { NewPing, Pings, Recorded } from '../../pings/pings.js';
import { InvalidInputError, type FieldError } from '../../shared/errors.js';
import { requireScope, type Principal } from '../../shared/principal.js';
import { toBarrelsPerDay } from '../../shared/units.js';
import { deviceName, type DeviceField } from './devices.js';
import { readInstant, readNumber } from './values.js';

/** A message of a device, as its network passes it on. */
export interface DeviceMessage {
  readonly network: Network;
  /** every name that the network knows the device by, the best one first */
  readonly devices: readonly [string, ...string[]];
  /** where the names are in what the network sent, for errors */
  readonly devicePath: string;
  /** the same for a message that comes again; undefined where the network gives none */
  readonly id: string | undefined;
  /** when the network received it */
  readonly receivedAt: Date;
  readonly port: number;
  /** decoded; undefined where the network has no decoder for the device */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  /** where the decoded fields are in what the network sent, for errors */
  readonly fieldsPath: string;
}

/** Records the flowrates in the messages of devices. */
export class DeviceMessages {
  constructor(
    private readonly store: DeviceStore,
    private readonly pings: Pick<Pings, 'record'>,
  ) {}

  /** The same, which records otherwise. */
  recordingWith(pings: Pick<Pings, 'record'>): DeviceMessages {
    return new DeviceMessages(this.store, pings);
  }

  /**
   * Records the message's flowrates; resolves when they are durable. One that comes again is a
   * duplicate, even if its times differ.
   * @returns undefined where no field of the device is expected on the port
   * @throws InvalidInputError where no sensor is set for the device, or a field cannot be read
   */
  async record(principal: Principal, message: DeviceMessage): Promise<Recorded | undefined> {
    requireScope(principal, 'INGEST');
    const { network, devicePath, fieldsPath, fields } = message;
    const devices = message.devices.map(deviceName);
    const all = (await this.store.ofDevice(principal, network, devices)) as DeviceField[];
    if (all.length === 0) {
      throw InvalidInputError.of(
        devicePath,
        `No sensor is set for the device ${devices[0]}. Set one with "flowgate device set" or setDeviceField.`,
      );
    }
    const expected = all.filter(({ port }) => port === null || port === message.port);
    if (expected.length === 0) return undefined;
    if (!fields) {
      throw InvalidInputError.of(
        fieldsPath,
        'Is missing. The network must decode the payload of the device.',
      );
    }
    const readings = expected.map((field) => readField(field, fields, message));
    const errors = readings.flatMap((reading) =>
      reading && 'error' in reading ? [reading.error] : [],
    );
    const [error, ...more] = errors;
    if (error) throw new InvalidInputError([error, ...more]);
    const pings = readings.flatMap((reading) =>
      reading && 'ping' in reading ? [reading.ping] : [],
    );
    if (pings.length === 0) return undefined;
    const first = await this.firstInstant(principal, message);
    return this.pings.record(
      principal,
      pings.map((ping) =>
        ping.datetime === message.receivedAt ? { ...ping, datetime: first } : ping,
      ),
      { onConflict: 'REJECT', unit: 'bbl/d' },
    );
  }

  private async firstInstant(
    { accountId }: Principal,
    { network, id, receivedAt }: DeviceMessage,
  ): Promise<Date> {
    return id === undefined
      ? receivedAt
      : this.store.messageInstant(accountId, network, id, receivedAt);
  }
}

/** Undefined where the message has nothing for the field. */
function readField(
  { field, sensorId, unit, timeField, absentIsZero }: DeviceField,
  fields: Readonly<Record<string, unknown>>,
  { receivedAt, fieldsPath }: DeviceMessage,
): { ping: NewPing } | { error: FieldError } | undefined {
  const failed = (name: string, message: string) => ({
    error: { path: [`${fieldsPath}.${name}`], message },
  });
  const found = valueAt(fields, field);
  if (found === undefined && !absentIsZero) return undefined;
  const value = readNumber(found === undefined ? 0 : found);
  if (value === undefined) return failed(field, `Must be a number; got ${JSON.stringify(found)}.`);
  const datetime = timeField ? readInstant(valueAt(fields, timeField)) : receivedAt;
  if (!datetime) {
    const given = valueAt(fields, timeField!);
    const got = given === undefined ? 'nothing' : JSON.stringify(given);
    return failed(timeField!, `Must be a datetime in ISO 8601, or seconds since 1970; got ${got}.`);
  }
  return { ping: { sensorId, datetime, flowrate: toBarrelsPerDay(value, unit) } };
}

/** The value of a key, or at the end of a path of keys that are joined by points. */
function valueAt(fields: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(fields, path)) return fields[path];
  let value: unknown = fields;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
