import type { ExportedPing, ExportStore } from '../../storage/transfer/export-store.js';
import type { PingInterval } from '../pings/pings.js';
import { requireScope, type Principal } from '../shared/principal.js';
import type { Sensors } from '../sensors/sensors.js';
import { FIRST_INSTANT, formatInstant, LAST_INSTANT } from '../shared/time.js';

export interface ExportOptions extends PingInterval {
  /** undefined: all of the account's sensors */
  readonly sensorId?: number | undefined;
}

const HEADER = 'sensor_id,sensor_name,datetime,flowrate\n';

/** Writes pings as CSV (RFC 4180, with bare line feeds), in constant memory. */
export class Exports {
  constructor(
    private readonly store: ExportStore,
    private readonly sensors: Sensors,
  ) {}

  /**
   * By sensor id and datetime, of one snapshot; flowrates (bbl/d) read back as the same double.
   * @param write takes the text piece by piece
   * @throws NotFoundError where the account has no such sensor
   */
  async run(
    principal: Principal,
    { sensorId, start = FIRST_INSTANT, end = LAST_INSTANT }: ExportOptions,
    write: (text: string) => Promise<void>,
  ): Promise<void> {
    requireScope(principal, 'READ');
    if (sensorId !== undefined) await this.sensors.require(principal, sensorId);
    await write(HEADER);
    await this.store.read(principal.accountId, sensorId, { start, end }, (pings) =>
      write(pings.map(csvLine).join('')),
    );
  }
}

function csvLine({ sensor_id, sensor_name, at, flowrate }: ExportedPing): string {
  return `${sensor_id},${csvField(sensor_name)},${formatInstant(new Date(at))},${told(flowrate)}\n`;
}

/** JavaScript writes the shortest number that reads back as the same double, but for the sign of zero. */
function told(flowrate: number): string {
  return Object.is(flowrate, -0) ? '-0' : String(flowrate);
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
