import type { Accounts } from '../domain/accounts/accounts.js';
import type { Pings } from '../domain/pings/pings.js';
import type { SensorRecord, Sensors } from '../domain/sensors/sensors.js';
import type { Clock } from '../domain/shared/clock.js';
import { DAY_MS } from '../domain/shared/durations.js';
import type { Principal } from '../domain/shared/principal.js';
import { DEMO_NAME } from './demo.js';
import type { Reading } from './sensor.js';
import { syntheticReadings } from './synthetic.js';
import { usgsReadings } from './usgs.js';

const INTERVAL_MS = 30_000;
const MAX_SENSORS = 100;
const MAX_BACKLOG_MS = 30 * DAY_MS;

export interface DemoFeedDeps {
  readonly accounts: Accounts;
  readonly sensors: Sensors;
  readonly pings: Pings;
  readonly clock: Clock;
}

/**
 * Lets the sensors of the demo account go on sending, as devices do that keep what they could not
 * send: also what fell due while the server was stopped, up to a month. A sensor with another name
 * than the demo gave it sends nothing.
 */
export class DemoFeed {
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<unknown> | undefined;

  constructor(
    private readonly deps: DemoFeedDeps,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.tick();
    this.timer = setInterval(() => this.tick(), INTERVAL_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.sending;
  }

  /** @returns how many readings were due and were recorded */
  async send(): Promise<number> {
    const { accounts, sensors, pings } = this.deps;
    if (!(await accounts.findByName(DEMO_NAME))) return 0;
    const principal = await accounts.operatorIn({ name: DEMO_NAME });
    const found = await sensors.window(principal, {
      filter: {},
      order: { field: 'ID', direction: 'ASC' },
      take: MAX_SENSORS,
      from: 'first',
    });
    const last = await pings.last(
      principal,
      found.sensors.map(({ id }) => id),
    );
    let count = 0;
    for (const sensor of found.sensors) {
      const lastAt = last.get(sensor.id)?.datetime.getTime();
      if (lastAt !== undefined) count += await this.continue(principal, sensor, lastAt);
    }
    return count;
  }

  private async continue(
    principal: Principal,
    { id, name, activatedAt }: SensorRecord,
    lastAt: number,
  ): Promise<number> {
    const now = this.deps.clock().getTime();
    const from = Math.max(lastAt, now - MAX_BACKLOG_MS);
    const readings: readonly Reading[] =
      syntheticReadings(name, from, now) ??
      (await usgsReadings(name, activatedAt?.getTime() ?? lastAt, lastAt, now)) ??
      [];
    const due = readings.map(([time, flowrate]) => ({
      sensorId: id,
      datetime: new Date(time),
      flowrate,
    }));
    const { recorded } = await this.deps.pings.record(principal, due, {
      onConflict: 'REJECT',
      unit: 'bbl/d',
    });
    return recorded;
  }

  private tick(): void {
    this.sending ??= this.send()
      .catch(this.onError)
      .finally(() => {
        this.sending = undefined;
      });
  }
}
