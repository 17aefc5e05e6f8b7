import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CrashingServer } from './crashing-server.js';
import type { Ledger, SentPing } from './ledger.js';

const FIRST = Date.parse('2024-02-28T23:00:00Z');
const HOUR = 3_600_000;
const RETRY_MS = 50;
const MOST_IN_A_BATCH = 200;
// Whoever waits this long for an answer would wait for good.
const PATIENCE_MS = 30_000;

export interface WriterParts {
  readonly server: CrashingServer;
  readonly ledger: Ledger;
  readonly token: string;
  readonly sensorIds: readonly number[];
  /** from 0: no two writers write at one instant */
  readonly number: number;
  readonly writers: number;
}

/** Sends single pings, batches and corrections, each until it is acknowledged. */
export class Writer {
  private readonly sent: SentPing[] = [];
  private instants = 0;
  private flowrates = 0;
  private stopped = false;

  constructor(private readonly parts: WriterParts) {}

  /** @throws where an answer is neither an acknowledgement nor `503` */
  async run(): Promise<void> {
    while (!this.stopped) {
      const kind = randomInt(4);
      if (kind === 0) await this.sendSingle(this.newPing());
      else if (kind === 3 && this.sent.length > 0) await this.correct();
      else await this.send('pings/', this.newBatch(), kind === 1);
    }
  }

  /** After the request that is under way. */
  stop(): void {
    this.stopped = true;
  }

  private sendSingle({ sensor_id, ...ping }: SentPing): Promise<void> {
    const path = `flow_sensors/${sensor_id}/pings/`;
    return this.untilAcknowledged(path, [{ sensor_id, ...ping }], JSON.stringify(ping), JSON_TYPE);
  }

  private send(path: string, pings: readonly SentPing[], asLines: boolean): Promise<void> {
    const body = asLines
      ? pings.map((ping) => JSON.stringify(ping)).join('\n')
      : JSON.stringify(pings);
    return this.untilAcknowledged(path, pings, body, asLines ? 'application/x-ndjson' : JSON_TYPE);
  }

  private correct(): Promise<void> {
    const start = randomInt(this.sent.length);
    const pings = this.sent
      .slice(start, start + 1 + randomInt(MOST_IN_A_BATCH))
      .map((ping) => ({ ...ping, flowrate: this.newFlowrate() }));
    return this.send('pings/?on_conflict=overwrite', pings, false);
  }

  /** A request that had no answer was done whole or not at all, as the same one tells when it is sent again. */
  private async untilAcknowledged(
    path: string,
    pings: readonly SentPing[],
    body: string,
    type: string,
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.attempt(path, body, type);
      if (answer) {
        const { recorded, duplicates } = answer;
        const whole = attempt === 1 ? [pings.length] : [pings.length, 0];
        if (!whole.includes(recorded) || recorded + duplicates !== pings.length) {
          throw new Error(`${pings.length} pings, attempt ${attempt}: ${JSON.stringify(answer)}`);
        }
        this.parts.ledger.acknowledge(pings);
        if (!path.includes('overwrite')) this.sent.push(...pings);
        return;
      }
      await delay(RETRY_MS);
    }
  }

  /** @returns undefined where there was no answer, or `503` */
  private async attempt(path: string, body: string, type: string): Promise<Answer | undefined> {
    const { server, token } = this.parts;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const headers = { Authorization: `Token ${token}`, 'Content-Type': type };
    try {
      const response = await fetch(`${server.url}/api/v1/${path}`, {
        ...{ method: 'POST', headers, body, signal },
      });
      const text = await response.text();
      if (response.status === 201) return JSON.parse(text) as Answer;
      if (response.status !== 503) throw new WrongAnswer(`${response.status}: ${text}`);
    } catch (error) {
      if (error instanceof WrongAnswer || signal.aborted) throw error;
    }
    return undefined;
  }

  private newBatch(): SentPing[] {
    return Array.from({ length: 1 + randomInt(MOST_IN_A_BATCH) }, () => this.newPing());
  }

  /** At an instant of its own, up to some days apart, earlier ones after later ones too. */
  private newPing(): SentPing {
    const { sensorIds, number, writers } = this.parts;
    const instant = randomInt(72) * HOUR + this.instants++ * writers + number;
    return {
      sensor_id: sensorIds[randomInt(sensorIds.length)]!,
      datetime: new Date(FIRST + instant).toISOString(),
      flowrate: this.newFlowrate(),
    };
  }

  /** Never the same twice. */
  private newFlowrate(): number {
    const { number, writers } = this.parts;
    return (this.flowrates++ * writers + number + 1) / 7;
  }
}

const JSON_TYPE = 'application/json';

interface Answer {
  readonly recorded: number;
  readonly duplicates: number;
}

class WrongAnswer extends Error {}
