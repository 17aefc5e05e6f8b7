import { editMembers, type MembershipEdit } from '../groups/edit-members.js';
import type { Database, Statement, Transaction } from '../postgres/database.js';
import { lockSensors, withLockTimeout } from '../summaries/lock-sensors.js';
import type { ConfigurationEdit, Parameter } from './configuration-store.js';
import type { ChangeRules, SensorChange, SensorRecord } from './sensor-record.js';
import { SENSOR_COLUMNS } from './sql/sensor-window.js';
import { isOfPings, updateSensor } from './update-sensor.js';

/** One change of a sensor, with an effective date of its own. */
export interface SensorEdit {
  readonly change: SensorChange;
  readonly edit: ConfigurationEdit;
  readonly rules?: ChangeRules | undefined;
}

/** What is done to several sensors at once. */
export interface SensorEdits {
  /** ascending */
  readonly ids: readonly number[];
  /** what changes of a sensor, one after the other; throws where the sensor may not be changed so */
  readonly editsOf: (sensor: SensorRecord) => readonly SensorEdit[];
  /** whether an error is that of one sensor, beside which the others are still tried */
  readonly isRefusal: (error: unknown) => boolean;
  readonly memberships: readonly MembershipEdit[];
  /** nothing is changed */
  readonly isDryRun: boolean;
}

/** What was done, or with a dry run would have been. */
export interface EditedSensors {
  /** of how many sensors each setting changes */
  readonly parameters: ReadonlyMap<Parameter, number>;
  /** the sensors that change, in their settings or their groups */
  readonly changed: ReadonlySet<number>;
  readonly added: number;
  readonly removed: number;
}

/** Why a sensor may not be changed so. */
export interface SensorRefusal {
  readonly sensor: SensorRecord;
  readonly error: unknown;
}

/** Nothing is changed. */
export class SensorEditsRefused extends Error {
  constructor(readonly refusals: readonly SensorRefusal[]) {
    super('Some of the sensors may not be changed so.');
  }
}

/** Rolls the transaction back. */
class DryRun extends Error {
  constructor(readonly edited: EditedSensors) {
    super('Nothing is to be changed.');
  }
}

/** $1 int account id, $2 int[] sensor ids */
const lockSettings: Statement = {
  name: 'lock_sensors_of_account',
  text: `
    SELECT ${SENSOR_COLUMNS} FROM flow_sensor WHERE account_id = $1 AND id = ANY($2::int[])
    ORDER BY id FOR NO KEY UPDATE`,
};

/** Changes several sensors of an account, all of them or none. */
export class SensorEditStore {
  constructor(private readonly database: Database) {}

  /**
   * @throws SensorEditsRefused; LockTimeoutError where another transaction has locked the pings of one
   * for too long
   */
  async run(accountId: number, edits: SensorEdits): Promise<EditedSensors> {
    try {
      return await this.database.transaction(async (transaction) => {
        const edited = await editAll(transaction, accountId, edits);
        if (edits.isDryRun) throw new DryRun(edited);
        return edited;
      });
    } catch (error) {
      if (error instanceof DryRun) return error.edited;
      throw error;
    }
  }
}

async function lockAll(
  transaction: Transaction,
  accountId: number,
  ids: readonly number[],
): Promise<SensorRecord[]> {
  // A cluster locks rows of one node in a statement.
  const parts = transaction.isOnCluster ? ids.map((id) => [id]) : [ids];
  const stored: SensorRecord[] = [];
  for (const part of parts)
    stored.push(...(await transaction.query<SensorRecord>(lockSettings, [accountId, part])));
  return stored;
}

async function editAll(
  transaction: Transaction,
  accountId: number,
  { ids, editsOf, isRefusal, memberships }: SensorEdits,
): Promise<EditedSensors> {
  const stored = await lockAll(transaction, accountId, ids);
  const planned: { sensor: SensorRecord; edits: readonly SensorEdit[] }[] = [];
  const refusals: SensorRefusal[] = [];
  const attempt = async (sensor: SensorRecord, work: () => void | Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refusals.push({ sensor, error });
    }
  };
  for (const sensor of stored) {
    await attempt(sensor, () => {
      planned.push({ sensor, edits: editsOf(sensor) });
    });
  }
  // All at once, so that none is locked for long where another one is not free.
  const ofPings = planned.flatMap(({ sensor, edits }) =>
    edits.some(({ change }) => isOfPings(change)) ? [sensor.id] : [],
  );
  if (ofPings.length > 0) {
    await withLockTimeout(transaction, () => transaction.query(lockSensors, [ofPings, 0]));
  }
  const parameters = new Map<Parameter, number>();
  const changed = new Set<number>();
  for (const { sensor, edits } of planned) {
    await attempt(sensor, async () => {
      for (const { change, edit, rules } of edits) {
        const { id } = sensor;
        const updated = await updateSensor(transaction, accountId, id, change, edit, rules);
        for (const each of updated?.changed ?? []) {
          parameters.set(each, (parameters.get(each) ?? 0) + 1);
          changed.add(id);
        }
      }
    });
  }
  if (refusals.length > 0) throw new SensorEditsRefused(refusals);
  let [added, removed] = [0, 0];
  for (const membership of memberships) {
    const moved = await editMembers(transaction, accountId, membership);
    added += moved.added.length;
    removed += moved.removed.length;
    for (const id of [...moved.added, ...moved.removed]) changed.add(id);
  }
  return { parameters, changed, added, removed };
}
