import type { Reader } from '../postgres/reader.js';
import { createEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database, Statement } from '../postgres/database.js';
import type { ConfigurationEdit } from './configuration-store.js';
import { deleteSensor } from './delete-sensor.js';
import { NO_PINGS } from './no-pings.js';
import type {
  ChangeRules,
  EarlierSettings,
  NewSensor,
  SensorChange,
  SensorRecord,
} from './sensor-record.js';
import {
  sensorCount,
  SENSOR_COLUMNS,
  selectedSensors,
  sensorWindow,
  type SensorFilter,
  type SensorWindow,
} from './sql/sensor-window.js';
import { tagKeys } from './tag-keys.js';
import { updateSensor } from './update-sensor.js';

export type {
  ChangeRules,
  EarlierSettings,
  NewSensor,
  SensorChange,
  SensorRecord,
} from './sensor-record.js';
export type { VolumeMethod } from '../../generated/prisma/client.js';
export type { ConfigurationEdit } from './configuration-store.js';
export type {
  RetiredFilter,
  SensorFilter,
  SensorOrder,
  SensorPosition,
  SensorWindow,
} from './sql/sensor-window.js';

/** What a volume over several sensors needs to know of each. */
export type SelectedSensor = Pick<
  SensorRecord,
  'id' | 'method' | 'retiredAt' | 'continuesFrom' | 'methodChangedAt' | 'earlierMethods'
>;

/** $1 int account id, $2 int[] sensor ids */
const findSensors: Statement = {
  name: 'find_sensors',
  text: `SELECT ${SENSOR_COLUMNS} FROM flow_sensor WHERE account_id = $1 AND id = ANY($2::int[])`,
  isShort: true,
};

export class SensorStore {
  constructor(private readonly database: Database) {}

  /**
   * Creates the sensor and, in the same transaction, its summary of all pings, the row that writers
   * of pings lock.
   */
  create(
    accountId: number,
    sensor: NewSensor,
    audit?: (id: number) => AuditEntry,
  ): Promise<SensorRecord> {
    return this.database.prisma.$transaction(async (transaction) => {
      const { tags = [] } = sensor;
      // Citus returns the id of a new row, not its enums.
      const { id } = await transaction.flowSensor.create({
        data: { accountId, ...sensor, tagKeys: tagKeys(tags) },
        select: { id: true },
      });
      await transaction.pingSummary.create({ data: { sensorId: id, ...NO_PINGS } });
      const created = await transaction.flowSensor.findUniqueOrThrow({ where: { id } });
      if (audit) await createEvent(transaction, audit(id));
      return { ...created, ...UNCHANGED };
    });
  }

  /**
   * Changes the given fields and logs the changes. Another `maxGap` also changes, in the same
   * transaction, what of the past counts as measured.
   * @returns undefined where the account has no such sensor
   * @throws LockTimeoutError where another transaction has locked its pings for too long
   */
  async update(
    accountId: number,
    id: number,
    change: SensorChange,
    edit: ConfigurationEdit,
    rules: ChangeRules = {},
  ): Promise<SensorRecord | undefined> {
    const updated = await this.database.transaction((transaction) =>
      updateSensor(transaction, accountId, id, change, edit, rules),
    );
    return updated?.sensor;
  }

  /** Those of the ids that the account has, in no order. */
  find(reader: Reader, ids: readonly number[]): Promise<SensorRecord[]> {
    return this.database.reads.query(reader, findSensors, [reader.accountId, ids]);
  }

  /** In the given order, whichever end they are taken from. */
  async window(reader: Reader, window: SensorWindow): Promise<SensorRecord[]> {
    const { statement, values } = sensorWindow(reader.accountId, window);
    const sensors = await this.database.reads.query<SensorRecord>(reader, statement, values);
    return window.from === 'first' ? sensors : sensors.reverse();
  }

  async count(reader: Reader, filter: SensorFilter): Promise<number> {
    const { statement, values } = sensorCount(reader.accountId, filter);
    const [row] = await this.database.reads.query<{ count: number }>(reader, statement, values);
    return row!.count;
  }

  /**
   * The sensors that meet the filter, by id.
   * @param since where retired sensors are left out, those that retired later are not
   * @param known ids of sensors that are left out
   */
  selected(
    reader: Reader,
    filter: SensorFilter,
    since: Date,
    known: readonly number[],
  ): Promise<SelectedSensor[]> {
    const { statement, values } = selectedSensors(reader.accountId, filter, since, known);
    return this.database.reads.query(reader, statement, values);
  }

  /**
   * Deletes a sensor that has never had a ping.
   * @returns undefined where the account has no such sensor, false where it has or had pings, the id
   * of a sensor that continues it
   * @throws LockTimeoutError where another transaction has locked its pings for too long
   */
  delete(
    accountId: number,
    id: number,
    audit: (name: string) => AuditEntry,
  ): Promise<boolean | number | undefined> {
    return this.database.transaction((transaction) =>
      deleteSensor(transaction, accountId, id, audit),
    );
  }
}

const UNCHANGED: EarlierSettings = {
  maxGapChangedAt: null,
  earlierMaxGaps: null,
  methodChangedAt: null,
  earlierMethods: null,
  meterFactorChangedAt: null,
  earlierMeterFactors: null,
};
