import { maxGapHistory, valueAt } from '../../storage/sensors/history.js';
import type {
  ChangeRules,
  ConfigurationEdit,
  SelectedSensor,
  SensorChange,
  SensorFilter,
  SensorRecord,
  SensorStore,
  SensorWindow,
} from '../../storage/sensors/sensor-store.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../shared/errors.js';
import { auditEntry } from '../shared/audit.js';
import { systemClock, type Clock } from '../shared/clock.js';
import { actorName, requireScope, type Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { checksOf, type SensorChecksInput } from './checks.js';
import { validFilter } from './sensor-filter.js';
import { continuedFrom } from './continuation.js';
import { ExclusiveSensorQueue } from './exclusive-sensor-queue.js';
import { givenSettings } from './given-settings.js';
import {
  continuationErrors,
  editErrors,
  entryUnitErrors,
  notBefore,
  type EditOptions,
  retirementErrors,
  sensorErrors,
  type CreateSensorInput,
  type UpdateSensorInput,
} from './rules.js';

export type {
  RetiredFilter,
  SensorFilter,
  SensorOrder,
  SensorPosition,
  SensorRecord,
  SensorWindow,
} from '../../storage/sensors/sensor-store.js';
export type { CreateSensorInput, UpdateSensorInput } from './rules.js';

export {
  DEFAULT_ENTRY_UNIT,
  DEFAULT_MAX_GAP,
  DEFAULT_METER_FACTOR,
  DEFAULT_METHOD,
} from './given-settings.js';

/** The flow sensors of an account. Reading needs READ, changing ADMIN. */
export class Sensors {
  constructor(
    private readonly sensors: SensorStore,
    private readonly clock: Clock = systemClock,
    private readonly changes = new ExclusiveSensorQueue(),
  ) {}

  /** @throws InvalidInputError of each field that breaks its rule */
  async create(principal: Principal, input: CreateSensorInput): Promise<SensorRecord> {
    requireScope(principal, 'ADMIN');
    const [error, ...more] = sensorErrors(input);
    if (error) throw new InvalidInputError([error, ...more]);
    const { name } = input;
    return this.sensors.create(principal.accountId, { ...givenSettings(input), name }, (id) =>
      auditEntry(principal, 'SENSOR_CREATED', { type: 'SENSOR', id, name }),
    );
  }

  /**
   * Changes settings and logs what changes.
   * @throws NotFoundError; InvalidInputError of each field that breaks its rule
   */
  async update(
    principal: Principal,
    id: number,
    input: UpdateSensorInput,
    { effectiveFrom, reason }: EditOptions = {},
  ): Promise<SensorRecord> {
    requireScope(principal, 'ADMIN');
    const now = this.clock();
    const [error, ...more] = [
      ...sensorErrors(input),
      ...continuationErrors(input, now),
      ...editErrors({ effectiveFrom, reason }, now),
      ...entryUnitErrors(input, { effectiveFrom }),
    ];
    if (error) throw new InvalidInputError([error, ...more]);
    const { continuesSensor, continuesFrom, ...settings } = input;
    const link =
      continuesSensor === undefined
        ? {}
        : { continuesSensorId: continuesSensor, ...(!continuesSensor && { continuesFrom: null }) };
    return this.change(
      ...([principal, id, { ...givenSettings(settings), ...link }] as const),
      { effectiveFrom, reason, now },
      {
        continuation: (candidate) =>
          continuedFrom(id, continuesSensor!, continuesFrom ?? undefined, candidate),
      },
    );
  }

  /**
   * Takes a sensor out of the lists, from an instant on; its record stays, and later pings are
   * refused. One that is retired already gets the new instant.
   * @param at undefined: now
   * @throws NotFoundError; InvalidInputError where `at` is in the future or before the last ping
   */
  async retire(
    principal: Principal,
    id: number,
    { at, reason }: { readonly at?: Date | undefined; readonly reason?: string | undefined },
  ): Promise<SensorRecord> {
    requireScope(principal, 'ADMIN');
    const now = this.clock();
    const retiredAt = at ?? now;
    const [error, ...more] = retirementErrors({ at: retiredAt, reason }, now);
    if (error) throw new InvalidInputError([error, ...more]);
    const edit = { effectiveFrom: retiredAt, reason, now };
    return this.change(principal, id, { retiredAt }, edit, { lastPing: notBefore(retiredAt) });
  }

  /**
   * Returns a retired sensor to service, as if it had not been retired.
   * @throws NotFoundError; InvalidInputError
   */
  async restore(principal: Principal, id: number, reason?: string): Promise<SensorRecord> {
    requireScope(principal, 'ADMIN');
    const now = this.clock();
    const [error, ...more] = editErrors({ reason }, now);
    if (error) throw new InvalidInputError([error, ...more]);
    return this.change(principal, id, { retiredAt: null }, { effectiveFrom: now, reason, now });
  }

  /**
   * Sets what the readings that are recorded from now on are checked for.
   * @throws NotFoundError; InvalidInputError of each field that breaks its rule
   */
  async setChecks(
    principal: Principal,
    id: number,
    input: SensorChecksInput,
    reason?: string,
  ): Promise<SensorRecord> {
    requireScope(principal, 'ADMIN');
    const checks = checksOf(input);
    const now = this.clock();
    const [error, ...more] = editErrors({ reason }, now);
    if (error) throw new InvalidInputError([error, ...more]);
    return this.change(principal, id, { checks }, { effectiveFrom: now, reason, now });
  }

  private async change(
    principal: Principal,
    id: number,
    change: SensorChange,
    {
      reason = null,
      ...edit
    }: Omit<ConfigurationEdit, 'by' | 'reason'> & { reason?: string | undefined | null },
    rules: ChangeRules = {},
  ): Promise<SensorRecord> {
    const by = actorName(principal);
    const type =
      change.retiredAt === undefined
        ? 'SENSOR_CHANGED'
        : change.retiredAt
          ? 'SENSOR_RETIRED'
          : 'SENSOR_RESTORED';
    const audit = (parameters: readonly string[]) =>
      auditEntry(principal, type, { type: 'SENSOR', id }, { parameters: [...parameters], reason });
    const sensor =
      isRecordId(id) &&
      (await this.changes.run(() =>
        this.sensors.update(principal.accountId, id, change, { ...edit, reason, by, audit }, rules),
      ));
    if (!sensor) throw new NotFoundError();
    return sensor;
  }

  /** Those of the ids that the account has, by id. */
  async find(principal: Principal, ids: readonly number[]): Promise<Map<number, SensorRecord>> {
    requireScope(principal, 'READ');
    const possible = ids.filter(isRecordId);
    if (possible.length === 0) return new Map();
    const found = await this.sensors.find(principal, possible);
    return new Map(found.map((sensor) => [sensor.id, sensor]));
  }

  /** @throws NotFoundError where the account has no such sensor */
  async require(principal: Principal, id: number): Promise<SensorRecord> {
    const sensor = (await this.find(principal, [id])).get(id);
    if (!sensor) throw new NotFoundError();
    return sensor;
  }

  /** Some sensors in a row, in the window's order, and whether there are more where they end. */
  async window(
    principal: Principal,
    window: SensorWindow,
  ): Promise<{ sensors: SensorRecord[]; more: boolean }> {
    requireScope(principal, 'READ');
    const filter = validFilter(window.filter);
    const { take, from } = window;
    const found = await this.sensors.window(principal, {
      ...window,
      filter,
      take: take + 1,
    });
    const sensors = from === 'first' ? found.slice(0, take) : found.slice(-take || found.length);
    return { sensors, more: found.length > take };
  }

  async count(principal: Principal, filter: SensorFilter): Promise<number> {
    requireScope(principal, 'READ');
    return this.sensors.count(principal, validFilter(filter));
  }

  /**
   * The sensors that meet the filter, by id.
   * @param since where retired sensors are left out, those that retired later are not
   * @param known ids of sensors that are left out
   */
  async selected(
    principal: Principal,
    filter: SensorFilter,
    since: Date,
    known: readonly number[] = [],
  ): Promise<SelectedSensor[]> {
    requireScope(principal, 'READ');
    return this.sensors.selected(principal, validFilter(filter), since, known);
  }

  /**
   * Deletes a sensor that has never had a ping. Others stay, since their record does.
   * @throws NotFoundError; ConflictError where it has or had pings, or another sensor continues it
   */
  async delete(principal: Principal, id: number): Promise<void> {
    requireScope(principal, 'ADMIN');
    const isDeleted = isRecordId(id)
      ? await this.changes.run(() =>
          this.sensors.delete(principal.accountId, id, (name) =>
            auditEntry(principal, 'SENSOR_DELETED', { type: 'SENSOR', id, name }),
          ),
        )
      : undefined;
    if (isDeleted === undefined) throw new NotFoundError();
    if (typeof isDeleted === 'number') {
      throw new ConflictError(
        `Flow sensor ${isDeleted} continues flow sensor ${id}; it would lose its earlier history.`,
      );
    }
    if (!isDeleted) {
      throw new ConflictError(
        `Flow sensor ${id} has or had pings, so its record stays. Only a sensor that never had a ping can be deleted; retire it instead.`,
      );
    }
  }
}

/**
 * Since when a sensor has been silent: its last ping's instant where that is longer ago than the
 * max gap that was in force then.
 * @param lastPingAt undefined before the first ping
 */
export function silentSince(
  sensor: Pick<SensorRecord, 'maxGap' | 'maxGapChangedAt' | 'earlierMaxGaps'>,
  lastPingAt: Date | undefined,
  now: Date,
): Date | undefined {
  if (!lastPingAt) return undefined;
  const maxGap = valueAt(maxGapHistory(sensor), lastPingAt);
  return now.getTime() - lastPingAt.getTime() > maxGap * 1000 ? lastPingAt : undefined;
}
