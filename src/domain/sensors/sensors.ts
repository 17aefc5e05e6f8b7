import type {
  NewSensor,
  SelectedSensor,
  SensorFilter,
  SensorRecord,
  SensorStore,
  SensorWindow,
} from '../../storage/sensors/sensor-store.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../shared/errors.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { ExclusiveSensorQueue } from './exclusive-sensor-queue.js';
import {
  MAX_SENSOR_NAME,
  sensorErrors,
  type CreateSensorInput,
  type UpdateSensorInput,
} from './rules.js';

export type {
  SensorFilter,
  SensorOrder,
  SensorPosition,
  SensorRecord,
  SensorWindow,
} from '../../storage/sensors/sensor-store.js';
export type { CreateSensorInput, UpdateSensorInput } from './rules.js';

export const MAX_FILTER_IDS = 10_000;
export const DEFAULT_MAX_GAP = 3600;
export const DEFAULT_METHOD = 'LINEAR';

/** The flow sensors of an account. Reading needs READ, changing ADMIN. */
export class Sensors {
  private readonly changes = new ExclusiveSensorQueue();

  constructor(private readonly sensors: SensorStore) {}

  /** @throws InvalidInputError of each field that breaks its rule */
  async create(principal: Principal, input: CreateSensorInput): Promise<SensorRecord> {
    requireScope(principal, 'ADMIN');
    const [error, ...more] = sensorErrors(input);
    if (error) throw new InvalidInputError([error, ...more]);
    return this.sensors.create(principal.accountId, { ...given(input), name: input.name });
  }

  /** @throws NotFoundError; InvalidInputError of each field that breaks its rule */
  async update(principal: Principal, id: number, input: UpdateSensorInput): Promise<SensorRecord> {
    requireScope(principal, 'ADMIN');
    const [error, ...more] = sensorErrors(input);
    if (error) throw new InvalidInputError([error, ...more]);
    const sensor =
      isRecordId(id) &&
      (await this.changes.run(() => this.sensors.update(principal.accountId, id, given(input))));
    if (!sensor) throw new NotFoundError();
    return sensor;
  }

  /** Those of the ids that the account has, by id. */
  async find(principal: Principal, ids: readonly number[]): Promise<Map<number, SensorRecord>> {
    requireScope(principal, 'READ');
    const possible = ids.filter(isRecordId);
    if (possible.length === 0) return new Map();
    const found = await this.sensors.find(principal.accountId, possible);
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
    const found = await this.sensors.window(principal.accountId, {
      ...window,
      filter,
      take: take + 1,
    });
    const sensors = from === 'first' ? found.slice(0, take) : found.slice(-take || found.length);
    return { sensors, more: found.length > take };
  }

  async count(principal: Principal, filter: SensorFilter): Promise<number> {
    requireScope(principal, 'READ');
    return this.sensors.count(principal.accountId, validFilter(filter));
  }

  /** All the sensors that meet the filter, by id. */
  async selected(principal: Principal, filter: SensorFilter): Promise<SelectedSensor[]> {
    requireScope(principal, 'READ');
    return this.sensors.selected(principal.accountId, validFilter(filter));
  }

  /**
   * Deletes a sensor that has never had a ping. Others stay, since their record does.
   * @throws NotFoundError; ConflictError where it has or had pings
   */
  async delete(principal: Principal, id: number): Promise<void> {
    requireScope(principal, 'ADMIN');
    const isDeleted = isRecordId(id)
      ? await this.changes.run(() => this.sensors.delete(principal.accountId, id))
      : undefined;
    if (isDeleted === undefined) throw new NotFoundError();
    if (!isDeleted) {
      throw new ConflictError(
        `Flow sensor ${id} has or had pings, so its record stays. Only a sensor that never had a ping can be deleted.`,
      );
    }
  }
}

/**
 * Since when a sensor has been silent: its last ping's instant where that is longer ago than its
 * max gap.
 * @param lastPingAt undefined before the first ping
 */
export function silentSince(
  { maxGap }: SensorRecord,
  lastPingAt: Date | undefined,
  now: Date,
): Date | undefined {
  const silent = lastPingAt && now.getTime() - lastPingAt.getTime() > maxGap * 1000;
  return silent ? lastPingAt : undefined;
}

function given(input: UpdateSensorInput): Partial<NewSensor> {
  const { maxGap, method } = input;
  const fields = {
    ...input,
    maxGap: maxGap === null ? DEFAULT_MAX_GAP : maxGap,
    method: method === null ? DEFAULT_METHOD : method,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function validFilter(filter: SensorFilter): SensorFilter {
  const { ids, search } = filter;
  if (ids && ids.length > MAX_FILTER_IDS) {
    throw inFilter('ids', `At most ${MAX_FILTER_IDS} ids; got ${ids.length}.`);
  }
  // PostgreSQL cannot even compare with it.
  if (search?.includes('\0')) throw inFilter('search', 'Must not contain NUL.');
  const length = lengthOf(search ?? '');
  if (length > MAX_SENSOR_NAME) {
    throw inFilter('search', `Must be at most ${MAX_SENSOR_NAME} characters long, not ${length}.`);
  }
  return ids ? { ...filter, ids: ids.filter(isRecordId) } : filter;
}

/** Characters (code points), or code units where even half of them would be too many. */
function lengthOf(text: string): number {
  return text.length > 4 * MAX_SENSOR_NAME ? text.length : [...text].length;
}

function inFilter(field: keyof SensorFilter, message: string): InvalidInputError {
  return new InvalidInputError([{ path: ['filter', field], message }]);
}
