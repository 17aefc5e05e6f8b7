import { END } from '../data.js';
import type { BenchRequest } from '../load.js';
import type { Ledger, LedgerPing } from './ledger.js';

const BATCH = 50;
const STREAM = 250;
const MINUTE = 60_000;
const STEP_MS = 5 * MINUTE;

/** @throws where the response is not the expected one */
export type Send = (request: BenchRequest, expected: string) => Promise<void>;

/**
 * Sends pings in every way, each at its own instants, and enters the acknowledged ones into the
 * ledger.
 */
export class Writer {
  constructor(
    private readonly send: Send,
    private readonly sensors: readonly number[],
    private readonly ledger: Ledger,
  ) {}

  async single(n: number): Promise<void> {
    const pings = this.pings(n, 1, (turn) => END + turn * MINUTE);
    const [{ sensor_id, flowrate, datetime }] = pings as [LedgerPing];
    const path = `/api/v1/flow_sensors/${sensor_id}/pings/`;
    await this.record({ path, body: JSON.stringify({ flowrate, datetime }) }, pings);
  }

  /**
   * Every second batch is late, between stored pings; some are sent twice, and some then corrected.
   */
  async batch(n: number): Promise<void> {
    const isLate = n % 2 === 1;
    const pings = this.pings(n, BATCH, (turn) =>
      isLate ? END - turn * STEP_MS - 2 * MINUTE : END + (turn + 1 / 3) * MINUTE,
    );
    const request = { path: '/api/v1/pings/', body: JSON.stringify(pings) };
    await this.record(request, pings);
    if (n % 3 === 0) await this.send(request, answer(0, pings.length));
    if (n % 4 < 2) {
      const corrected = pings.map((ping) => ({ ...ping, flowrate: ping.flowrate + 1 }));
      const path = `${request.path}?on_conflict=overwrite`;
      await this.send({ path, body: JSON.stringify(corrected) }, answer(pings.length, 0));
      this.ledger.correct(pings, corrected);
    }
  }

  async stream(n: number): Promise<void> {
    const pings = this.pings(n, STREAM, (turn) => END + (turn + 2 / 3) * MINUTE);
    const body = pings.map((ping) => JSON.stringify(ping)).join('\n');
    const contentType = 'application/x-ndjson';
    await this.record({ path: '/api/v1/pings/', body, contentType }, pings);
  }

  private async record(request: BenchRequest, pings: readonly LedgerPing[]): Promise<void> {
    this.ledger.await(pings);
    await this.send(request, answer(pings.length, 0));
    this.ledger.acknowledge(pings);
  }

  /**
   * The n-th request's pings, over the sensors in turn. @param at instant of a sensor's n-th ping
   */
  private pings(n: number, count: number, at: (turn: number) => number): LedgerPing[] {
    return Array.from({ length: count }, (_, index) => {
      const number = n * count + index;
      return {
        sensor_id: this.sensors[number % this.sensors.length]!,
        flowrate: (number * 104_729) % 10_000,
        datetime: new Date(at(Math.floor(number / this.sensors.length))).toISOString(),
      };
    });
  }
}

function answer(recorded: number, duplicates: number): string {
  return JSON.stringify({ recorded, duplicates });
}
