import type {
  DeviceFieldKey,
  DeviceFieldRow,
  DeviceStore,
} from '../../../storage/transfer/device-store.js';
import type { Sensors } from '../../sensors/sensors.js';
import {
  ConflictError,
  fieldErrors,
  InvalidInputError,
  NotFoundError,
  type FieldError,
} from '../../shared/errors.js';
import { nameError } from '../../shared/name-rules.js';
import { requireScope, type Principal } from '../../shared/principal.js';
import { FLOWRATE_UNITS, isFlowrateUnit, type FlowrateUnit } from '../../shared/units.js';

export {
  NETWORKS,
  type DeviceFieldKey,
  type Network,
} from '../../../storage/transfer/device-store.js';

/** Which field of a device's messages is the flowrate of which sensor. */
export interface DeviceField extends DeviceFieldRow {
  readonly unit: FlowrateUnit;
}

/** What is absent has its default: bbl/d, any port, the network's time, absent is 0 on LoRaWAN. */
export interface DeviceFieldInput extends DeviceFieldKey {
  readonly sensorId: number;
  readonly unit?: string | null | undefined;
  readonly port?: number | null | undefined;
  readonly timeField?: string | null | undefined;
  readonly absentIsZero?: boolean | null | undefined;
}

export const MAX_DEVICE_FIELDS = 100_000;
const MAX_NAME = 255;
const MAX_PORT = 255;
const DEV_EUI = /^[0-9a-f]{16}$/i;

/** The devices of an account in the field. Reading needs READ, changing ADMIN. */
export class Devices {
  constructor(
    private readonly store: DeviceStore,
    private readonly sensors: Sensors,
  ) {}

  /** By network, device and field. */
  async list(principal: Principal): Promise<DeviceField[]> {
    requireScope(principal, 'READ');
    return (await this.store.list(principal)) as DeviceField[];
  }

  /**
   * Says which sensor a field is the flowrate of, in place of what was said of it before.
   * @throws InvalidInputError of each field that breaks its rule; ConflictError of too many
   */
  async set(principal: Principal, input: DeviceFieldInput): Promise<DeviceField> {
    requireScope(principal, 'ADMIN');
    const [error, ...more] = inputErrors(input);
    if (error) throw new InvalidInputError([error, ...more]);
    const { sensorId, unit, port = null, timeField = null, absentIsZero } = input;
    if (!(await this.sensors.find(principal, [sensorId])).has(sensorId)) {
      throw InvalidInputError.of(
        'sensorId',
        `The account has no flow sensor with the id ${sensorId}.`,
      );
    }
    const stored = await this.store.set(
      principal.accountId,
      {
        ...{ ...keyOf(input), sensorId, unit: unit ?? 'bbl/d', port, timeField },
        absentIsZero: absentIsZero ?? isLorawan(input),
      },
      MAX_DEVICE_FIELDS,
    );
    if (!stored) {
      throw new ConflictError(`An account has at most ${MAX_DEVICE_FIELDS} fields of devices.`);
    }
    return stored as DeviceField;
  }

  /** @throws NotFoundError */
  async remove(principal: Principal, key: DeviceFieldKey): Promise<void> {
    requireScope(principal, 'ADMIN');
    if (!(await this.store.remove(principal.accountId, keyOf(key)))) throw new NotFoundError();
  }
}

/** As devices are stored: a DevEUI in upper case. */
export function deviceName(text: string): string {
  return DEV_EUI.test(text) ? text.toUpperCase() : text;
}

function keyOf({ network, device, field }: DeviceFieldKey): DeviceFieldKey {
  return { network, device: deviceName(device), field };
}

/** Whether messages have ports, and leave out what is 0. */
function isLorawan({ network }: DeviceFieldKey): boolean {
  return network === 'TTN' || network === 'CHIRPSTACK';
}

function inputErrors(input: DeviceFieldInput): FieldError[] {
  const { device, field, unit, port, timeField } = input;
  const onlyLorawan = (isGiven: boolean) =>
    isGiven && !isLorawan(input) ? 'Must be given only for a LoRaWAN network.' : undefined;
  const messages = {
    device: nameError(device, MAX_NAME),
    field: nameError(field, MAX_NAME),
    unit:
      unit && !isFlowrateUnit(unit)
        ? `Must be one of ${FLOWRATE_UNITS.join(', ')}; got ${unit}.`
        : undefined,
    port:
      typeof port === 'number' && !(Number.isInteger(port) && port >= 0 && port <= MAX_PORT)
        ? `Must be a whole number from 0 to ${MAX_PORT}; got ${port}.`
        : onlyLorawan(typeof port === 'number'),
    timeField:
      typeof timeField === 'string'
        ? (nameError(timeField, MAX_NAME) ?? onlyLorawan(true))
        : undefined,
    absentIsZero: onlyLorawan(input.absentIsZero === true),
  };
  return fieldErrors(messages);
}
