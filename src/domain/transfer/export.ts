import type {
  ExportedColumns,
  ExportedPing,
  ExportStore,
} from '../../storage/transfer/export-store.js';
import type { PingInterval } from '../pings/pings.js';
import { RateLimitedError } from '../shared/errors.js';
import { requireScope, type Principal } from '../shared/principal.js';
import type { Sensors } from '../sensors/sensors.js';
import { turnsOf } from '../shared/time-slices.js';
import { FIRST_INSTANT, formatTime, LAST_INSTANT } from '../shared/time.js';
import { fromBarrelsPerDay, type FlowrateUnit } from '../shared/units.js';
import { csvField, spreadsheetField } from './csv-field.js';

export interface ExportOptions extends PingInterval {
  /** undefined: all of the account's sensors */
  readonly sensorId?: number | undefined;
  /**
   * whether names that a spreadsheet would run as formulas are made harmless, which changes them
   */
  readonly forSpreadsheet?: boolean;
  /** of the flowrates; bbl/d unless given */
  readonly unit?: FlowrateUnit | undefined;
}

const HEADER = 'sensor_id,sensor_name,datetime,flowrate';
export const MAX_EXPORTS = 4;
const RETRY_AFTER_SECONDS = 10;

/** Writes pings as CSV (RFC 4180, with bare line feeds), in constant memory. */
export class Exports {
  private readonly running = new Map<number, number>();

  constructor(
    private readonly store: ExportStore,
    private readonly sensors: Sensors,
  ) {}

  /** @throws ForbiddenError; NotFoundError where the account has no such sensor */
  async check(principal: Principal, { sensorId }: ExportOptions): Promise<void> {
    requireScope(principal, 'READ');
    if (sensorId !== undefined) await this.sensors.require(principal, sensorId);
  }

  /**
   * By sensor id and datetime; flowrates in bbl/d read back as the same double. Those in another unit
   * have a column that names it, which an import does not take for bbl/d. Pings are read page
   * by page: one that is recorded, corrected or deleted meanwhile is exported as it is when its
   * page is read. Where one is not good, there is a column of qualities; without the column bad ones
   * are left out. Where one has a totalizer, there is a column of totalizers, in barrels.
   * @param write takes the text chunk by chunk, and the next page is read once it has
   * @throws what `check` throws; RateLimitedError
   */
  async run(
    principal: Principal,
    options: ExportOptions,
    write: (text: string) => Promise<void>,
  ): Promise<void> {
    await this.check(principal, options);
    const { accountId } = principal;
    const running = this.running.get(accountId) ?? 0;
    if (running >= MAX_EXPORTS) {
      const message = `At most ${MAX_EXPORTS} exports of an account run at once.`;
      throw new RateLimitedError(RETRY_AFTER_SECONDS, message);
    }
    this.running.set(accountId, running + 1);
    try {
      await this.write(principal, options, write);
    } finally {
      const left = this.running.get(accountId)! - 1;
      if (left > 0) this.running.set(accountId, left);
      else this.running.delete(accountId);
    }
  }

  private async write(
    principal: Principal,
    options: ExportOptions,
    write: (text: string) => Promise<void>,
  ): Promise<void> {
    const { sensorId, start = FIRST_INSTANT, end = LAST_INSTANT, forSpreadsheet } = options;
    const { unit = 'bbl/d' } = options;
    const columns = await this.store.columns(principal, sensorId, { start, end });
    const { hasQuality, hasTotalizer } = columns;
    const turns = turnsOf(principal.accountId);
    const suffix = unit === 'bbl/d' ? '' : `_${unit.replace(/\W/g, '_')}`;
    const totalizer = unit === 'bbl/d' ? 'totalizer' : 'totalizer_bbl';
    const others = `${hasQuality ? ',quality' : ''}${hasTotalizer ? `,${totalizer}` : ''}`;
    await write(`${HEADER}${suffix}${others}\n`);
    for await (const { id, name } of this.store.sensors(principal, sensorId)) {
      const sensor = `${id},${forSpreadsheet ? spreadsheetField(name) : csvField(name)}`;
      for await (const pings of this.store.pings(principal, id, { start, end }, columns)) {
        await turns.next();
        await write(pings.map((ping) => csvLine(sensor, ping, unit, columns)).join(''));
      }
    }
  }
}

function csvLine(
  sensor: string,
  { at, flowrate, quality, totalizer }: ExportedPing,
  unit: FlowrateUnit,
  { hasQuality, hasTotalizer }: ExportedColumns,
): string {
  const value = formatFlowrate(fromBarrelsPerDay(flowrate, unit));
  const others = `${hasQuality ? `,${quality}` : ''}${hasTotalizer ? `,${totalizer ?? ''}` : ''}`;
  return `${sensor},${formatTime(at)},${value}${others}\n`;
}

/**
 * JavaScript writes the shortest number that reads back as the same double, except for the sign of
 * zero.
 */
function formatFlowrate(flowrate: number): string {
  return Object.is(flowrate, -0) ? '-0' : String(flowrate);
}
