import type { Database, Statement } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { Reader } from '../postgres/reader.js';

export const NETWORKS = ['TTN', 'CHIRPSTACK', 'MQTT'] as const;
export type Network = (typeof NETWORKS)[number];

/** Identifies a field of the messages of a device. */
export interface DeviceFieldKey {
  readonly network: Network;
  readonly device: string;
  readonly field: string;
}

/** Which field of a device's messages is the flowrate of which sensor. */
export interface DeviceFieldRow extends DeviceFieldKey {
  readonly sensorId: number;
  /** a unit of flowrates, such as m3/h */
  readonly unit: string;
  /** only messages on this port have the field; null: on any */
  readonly port: number | null;
  /** the field with the datetime of the reading; null: when the network received the message */
  readonly timeField: string | null;
  /** whether a message without the field says 0 */
  readonly absentIsZero: boolean;
}

const COLUMNS = `network, device, field, sensor_id AS "sensorId", unit, port,
  time_field AS "timeField", absent_is_zero AS "absentIsZero"`;

/** $1 int account id */
const listDeviceFields: Statement = {
  name: 'list_device_fields',
  text: `SELECT ${COLUMNS} FROM device_field WHERE account_id = $1 ORDER BY network, device, field`,
};

/** $1 int account id, $2 text network, $3 text[] names of the device */
const fieldsOfDevice: Statement = {
  name: 'fields_of_device',
  text: `
    SELECT ${COLUMNS} FROM device_field
    WHERE account_id = $1 AND network = $2 AND device = ANY($3::text[]) ORDER BY device, field`,
};

/** $1 int account id, $2 network, $3 device, $4 field, $5 int sensor id, then the columns; $10 int how many an account may have */
const setDeviceField: Statement = {
  name: 'set_device_field',
  text: `
    INSERT INTO device_field (account_id, network, device, field, sensor_id, unit, port, time_field, absent_is_zero)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
    WHERE (SELECT count(*) FROM device_field WHERE account_id = $1) < $10
    ON CONFLICT (account_id, network, device, field) DO UPDATE
    SET sensor_id = $5, unit = $6, port = $7, time_field = $8, absent_is_zero = $9
    RETURNING ${COLUMNS}`,
};

/** $1 int account id, $2 text network, $3 text device, $4 text field */
const removeDeviceField: Statement = {
  name: 'remove_device_field',
  text: `
    DELETE FROM device_field WHERE account_id = $1 AND network = $2 AND device = $3 AND field = $4
    RETURNING field`,
};

/**
 * The instant of a message: the first one that it was seen with. Forgets what is older than a week.
 *
 * $1 int account id, $2 text network, $3 text message id, $4 timestamptz instant
 */
const messageInstant: Statement = {
  name: 'message_instant',
  text: `
    WITH old AS (
      DELETE FROM device_message WHERE account_id = $1 AND seen_at < now() - interval '7 days'
    )
    INSERT INTO device_message AS m (account_id, network, message_id, datetime)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (account_id, network, message_id) DO UPDATE SET datetime = m.datetime
    RETURNING datetime`,
};

/**
 * Takes an instant in the place of that of an earlier message with the same id.
 *
 * $1 int account id, $2 text network, $3 text message id, $4 timestamptz instant
 */
const setMessageInstant: Statement = {
  name: 'set_message_instant',
  text: `
    WITH old AS (
      DELETE FROM device_message WHERE account_id = $1 AND seen_at < now() - interval '7 days'
    )
    INSERT INTO device_message (account_id, network, message_id, datetime) VALUES ($1, $2, $3, $4)
    ON CONFLICT (account_id, network, message_id) DO UPDATE SET datetime = $4, seen_at = now()`,
};

/** Of those in service. $1 int account id, $2 text[] names */
const sensorsNamed: Statement = {
  name: 'sensors_named',
  text: `
    SELECT id, name FROM flow_sensor
    WHERE account_id = $1 AND name = ANY($2::text[]) AND retired_at IS NULL ORDER BY id`,
};

/** Devices in the field, and the messages of theirs that were seen. */
export class DeviceStore {
  constructor(private readonly database: Database) {}

  list(reader: Reader): Promise<DeviceFieldRow[]> {
    return this.database.reads.query(reader, listDeviceFields, [reader.accountId]);
  }

  ofDevice(reader: Reader, network: Network, names: readonly string[]): Promise<DeviceFieldRow[]> {
    return this.database.reads.query(reader, fieldsOfDevice, [reader.accountId, network, names]);
  }

  /** @returns undefined where the account has `maximum` already */
  async set(
    accountId: number,
    row: DeviceFieldRow,
    maximum: number,
  ): Promise<DeviceFieldRow | undefined> {
    const { network, device, field, sensorId, unit, port, timeField, absentIsZero } = row;
    const [stored] = await this.database.query<DeviceFieldRow & Record<string, unknown>>(
      setDeviceField,
      [accountId, network, device, field, sensorId, unit, port, timeField, absentIsZero, maximum],
    );
    return stored;
  }

  /** @returns whether there was one */
  async remove(accountId: number, { network, device, field }: DeviceFieldKey): Promise<boolean> {
    const values = [accountId, network, device, field];
    return (await this.database.query(removeDeviceField, values)).length > 0;
  }

  /** The instant that a message was first seen with. */
  async messageInstant(
    accountId: number,
    network: Network,
    messageId: string,
    instant: Date,
  ): Promise<Date> {
    const values = [accountId, network, messageId, instantParameter(instant)];
    const [row] = await this.database.query<{ datetime: Date }>(messageInstant, values);
    return row!.datetime;
  }

  /** Sets the instant of a message that was not seen before, though its id may have been. */
  async setMessageInstant(
    accountId: number,
    network: Network,
    messageId: string,
    instant: Date,
  ): Promise<void> {
    const values = [accountId, network, messageId, instantParameter(instant)];
    await this.database.query(setMessageInstant, values);
  }

  sensorsNamed(reader: Reader, names: readonly string[]): Promise<{ id: number; name: string }[]> {
    return this.database.reads.query(reader, sensorsNamed, [reader.accountId, names]);
  }
}
