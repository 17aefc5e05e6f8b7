import type { SensorListEntry, SensorListStore } from '../../storage/sensors/sensor-list-store.js';
import { NotFoundError } from '../shared/errors.js';
import {
  noSuchPage,
  PAGE_SIZE,
  pageNumberParameter,
  pageOf,
  type PageNumber,
  type PagePlace,
} from '../shared/page.js';
import { requireScope, type Principal } from '../shared/principal.js';

export type { SensorListEntry } from '../../storage/sensors/sensor-list-store.js';

/** By id. */
export interface SensorPage extends PagePlace {
  readonly sensors: readonly SensorListEntry[];
}

/** Sensors with their last pings, as the documented API lists them. */
export class SensorList {
  constructor(private readonly store: SensorListStore) {}

  /** @throws NotFoundError where the account has no such sensor */
  async one(principal: Principal, sensorId: number): Promise<SensorListEntry> {
    requireScope(principal, 'READ');
    const sensor = await this.store.one(principal, sensorId);
    if (!sensor) throw new NotFoundError();
    return sensor;
  }

  /** @throws NotFoundError where there is no such page */
  async page(principal: Principal, requested: PageNumber): Promise<SensorPage> {
    requireScope(principal, 'READ');
    const number = pageNumberParameter(requested);
    const { count, sensors } = await this.store.page(principal, number, PAGE_SIZE);
    const place = pageOf(count, requested);
    if (!place) throw noSuchPage();
    return { ...place, sensors };
  }
}
