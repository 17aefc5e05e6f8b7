import type { SensorBodyStore } from '../storage/sensor-bodies.js';
import { NotFoundError } from './errors.js';
import {
  noSuchPage,
  PAGE_SIZE,
  pageNumberParameter,
  pageOf,
  type JsonPage,
  type PageNumber,
} from './page.js';
import { requireScope, type Principal } from './principal.js';

/** Sensors as the documented API shows them. */
export class SensorBodies {
  constructor(private readonly store: SensorBodyStore) {}

  /** @throws NotFoundError where the account has no such sensor */
  async body(principal: Principal, sensorId: number): Promise<string> {
    requireScope(principal, 'READ');
    const body = await this.store.body(principal.accountId, sensorId);
    if (body === undefined) throw new NotFoundError();
    return body;
  }

  /** @throws NotFoundError where there is no such page */
  async page(principal: Principal, requested: PageNumber): Promise<JsonPage> {
    requireScope(principal, 'READ');
    const number = pageNumberParameter(requested);
    const found = await this.store.page(principal.accountId, number, PAGE_SIZE);
    const place = pageOf(found.count, requested);
    if (!place) throw noSuchPage();
    return { ...found, ...place };
  }
}
