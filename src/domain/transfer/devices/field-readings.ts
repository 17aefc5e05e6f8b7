import type { DeviceStore } from '../../../storage/transfer/device-store.js';
import type { Quality } from '../../pings/quality.js';
import type { NewPing, Pings, Recorded } from '../../pings/pings.js';
import { asDomainError, InvalidInputError } from '../../shared/errors.js';
import { requireScope, type Principal } from '../../shared/principal.js';
import { toBarrelsPerDay, type FlowrateUnit } from '../../shared/units.js';
import { deviceName, type DeviceField } from './devices.js';
import { nameError } from '../../shared/name-rules.js';
import { readNumber } from './values.js';

/** The field of a device whose messages have one value. */
export const FLOWRATE_FIELD = 'flowrate';

const MAX_NAME = 255;

/** Networks whose messages come from a broker. */
export type BrokerNetwork = 'MQTT';

/** A value in a message of a broker. */
export interface FieldReading {
  /** the sensor's id, where the message has it */
  readonly sensorId?: number | undefined;
  /** what the network calls the device, or the sensor */
  readonly device: string;
  readonly field: string;
  /**
   * the name of the sensor that has the value, where none is set for the field; a value of no
   * sensor is then ignored. Undefined: the field `flowrate` is of the sensor with the device's name
   */
  readonly sensorName?: string | undefined;
  readonly value: unknown;
  readonly datetime: Date;
  /** as the message says; undefined where it does not */
  readonly unit?: FlowrateUnit | undefined;
  /** as the message says; undefined where it does not */
  readonly quality?: Quality | undefined;
  /** the meter's own, bbl, as the message says; undefined where it does not */
  readonly totalizer?: number | undefined;
}

/** What became of the readings of a message. */
export interface RecordedReadings extends Recorded {
  /** why readings were refused, a sentence each */
  readonly refused: readonly string[];
}

interface NamedPing {
  readonly ping: NewPing;
  readonly name: string;
  readonly unit: FlowrateUnit | undefined;
}

/** Records the readings in messages of brokers. */
export class FieldReadings {
  constructor(
    private readonly store: DeviceStore,
    private readonly pings: Pick<Pings, 'record'>,
  ) {}

  /** The same, which records otherwise. */
  recordingWith(pings: Pick<Pings, 'record'>): FieldReadings {
    return new FieldReadings(this.store, pings);
  }

  /**
   * Records the readings, those that can be; resolves when they are durable. A reading is of the
   * sensor that is set for the field of its device, or else of the sensor that has the device's
   * name, if the field is `flowrate`, or the name that the reading has. Other fields of a device
   * that is known are ignored.
   * @throws UnavailableError, and failures of the server; the same readings may be recorded again
   */
  async record(
    principal: Principal,
    network: BrokerNetwork,
    readings: readonly FieldReading[],
  ): Promise<RecordedReadings> {
    requireScope(principal, 'INGEST');
    const refused: string[] = [];
    const found = await this.sensorsOf(principal, network, readings);
    const pings: NamedPing[] = [];
    for (const reading of readings) {
      const target = found(reading);
      if (target === undefined) continue;
      const name = nameOf(reading);
      const value = readNumber(reading.value);
      if (typeof target === 'string') refused.push(target);
      else if (value === undefined) {
        refused.push(`${name}: must be a number; got ${JSON.stringify(reading.value)}.`);
      } else {
        const { sensorId } = target;
        const unit = reading.unit ?? target.unit;
        const { datetime, quality, totalizer } = reading;
        const ping = { sensorId, datetime, flowrate: value, quality, totalizer };
        pings.push({ name, unit, ping });
      }
    }
    const recorded = await this.recordAll(principal, pings, refused);
    return { ...recorded, refused };
  }

  /** When a message without a datetime arrived first, of one that the broker sends again. */
  async arrival(
    { accountId }: Principal,
    network: BrokerNetwork,
    message: { readonly id: string; readonly receivedAt: Date; readonly isRepeated: boolean },
  ): Promise<Date> {
    const { id, receivedAt, isRepeated } = message;
    if (isRepeated) return this.store.messageInstant(accountId, network, id, receivedAt);
    await this.store.setMessageInstant(accountId, network, id, receivedAt);
    return receivedAt;
  }

  /** Finds the sensor of a reading; why there is none; or undefined where it is to be ignored. */
  private async sensorsOf(
    principal: Principal,
    network: BrokerNetwork,
    readings: readonly FieldReading[],
  ): Promise<
    (
      reading: FieldReading,
    ) => { sensorId: number; unit: FlowrateUnit | undefined } | string | undefined
  > {
    // Others are of no sensor, and some of them no text of the database.
    const isName = (text: string) => nameError(text, MAX_NAME) === undefined;
    const names = [...new Set(readings.map(({ device }) => device))].filter(isName);
    const rows = (await this.store.ofDevice(
      principal,
      network,
      names.map(deviceName),
    )) as DeviceField[];
    const fields = new Map(rows.map((row) => [`${row.device}\n${row.field}`, row]));
    const known = new Set(rows.map(({ device }) => device));
    const unset = readings
      .filter(({ device }) => !known.has(deviceName(device)))
      .map(({ device, sensorName }) => sensorName ?? device);
    const sensorNames = [...new Set(unset)].filter(isName);
    const sensors =
      sensorNames.length > 0 ? await this.store.sensorsNamed(principal, sensorNames) : [];
    const named = new Map<string, { id: number }[]>();
    for (const each of sensors) named.set(each.name, [...(named.get(each.name) ?? []), each]);
    return ({ sensorId, device, field, sensorName }) => {
      if (sensorId !== undefined) return { sensorId, unit: undefined };
      const set = fields.get(`${deviceName(device)}\n${field}`);
      if (set) return set;
      if (known.has(deviceName(device))) return undefined;
      const name = sensorName ?? device;
      const [sensor, ...others] = named.get(name) ?? [];
      if (!sensor && sensorName !== undefined) return undefined;
      if (!sensor) {
        return `No sensor has the name ${JSON.stringify(device)}, and none is set for it with "flowgate device set" or setDeviceField.`;
      }
      if (sensorName === undefined && field !== FLOWRATE_FIELD) return undefined;
      return others.length > 0
        ? `More than one sensor has the name ${JSON.stringify(name)}.`
        : { sensorId: sensor.id, unit: undefined };
    };
  }

  /** Together if that is possible, else each by itself, so that one that is refused stops no other. */
  private async recordAll(
    principal: Principal,
    pings: readonly NamedPing[],
    refused: string[],
  ): Promise<Recorded> {
    if (pings.length === 0) return { recorded: 0, duplicates: 0 };
    try {
      return await this.recordPings(principal, pings);
    } catch (error) {
      const known = asDomainError(error);
      if (!known || known.code === 'UNAVAILABLE' || known.code === 'RATE_LIMITED') throw error;
      if (pings.length === 1) {
        refused.push(`${pings[0]!.name}: ${messageOf(known)}`);
        return { recorded: 0, duplicates: 0 };
      }
    }
    let [recorded, duplicates] = [0, 0];
    for (const ping of pings) {
      const each = await this.recordAll(principal, [ping], refused);
      recorded += each.recorded;
      duplicates += each.duplicates;
    }
    return { recorded, duplicates };
  }

  private async recordPings(principal: Principal, pings: readonly NamedPing[]): Promise<Recorded> {
    const total = { recorded: 0, duplicates: 0 };
    // Those without a unit are in the unit of entry of their sensor.
    const [inEntryUnit, inOwnUnit] = [
      pings.filter(({ unit }) => unit === undefined).map(({ ping }) => ping),
      pings.flatMap(({ ping, unit }) =>
        unit ? [{ ...ping, flowrate: toBarrelsPerDay(ping.flowrate, unit) }] : [],
      ),
    ];
    for (const [group, unit] of [
      [inEntryUnit, undefined] as const,
      [inOwnUnit, 'bbl/d'] as const,
    ]) {
      if (group.length === 0) continue;
      const options = { onConflict: 'REJECT', unit } as const;
      const { recorded, duplicates } = await this.pings.record(principal, group, options);
      total.recorded += recorded;
      total.duplicates += duplicates;
    }
    return total;
  }
}

function nameOf({ sensorId, device, field }: FieldReading): string {
  if (sensorId !== undefined) return `sensor ${sensorId}`;
  return field === FLOWRATE_FIELD ? device : `${device} ${field}`;
}

function messageOf(error: Error): string {
  return error instanceof InvalidInputError
    ? error.errors.map(({ message }) => message).join(' ')
    : error.message;
}
