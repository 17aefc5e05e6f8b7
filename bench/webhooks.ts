import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { createAccount, createSensors, settle } from './data.js';
import type { BenchServer } from './database.js';
import { LoadGenerator } from './load.js';
import type { Options } from './options.js';
import { startFlowgate } from './processes.js';
import { against, figure, type Report } from './report.js';

const ENDPOINTS = 5;
/** What one endpoint is sent at once: the bare POSTs are made so too. */
const CONCURRENCY = 24;
const BATCH = 500;
const PACE_MS = 20;
const START = Date.UTC(2026, 0, 1);

const BODY = JSON.stringify({
  type: 'ping_received',
  api_version: '1',
  data: {
    id: 123456,
    sensor_id: 1,
    sensor_name: 'Sensor 1',
    flowrate: 759.9,
    datetime: '2019-02-05T20:15:08Z',
  },
});

/** How long until a ping's webhook arrives, and how many are delivered a second, against bare POSTs of undici. */
export async function run(server: BenchServer, options: Options): Promise<Report> {
  const { database, url, drop } = await server.create('webhooks');
  const account = await createAccount(database);
  const [sensor] = await createSensors(database, account, 1);
  await settle(database);
  const flowgate = await startFlowgate(url, { WEBHOOK_ALLOW_PRIVATE_NETWORK: 'true' });
  const receiver = await Receiver.start();
  const client = new Client(flowgate.url, sensor!);
  try {
    const pings = Math.max(Math.round(options.milliseconds / 5), 20);
    await client.createEndpoint(receiver.url);
    await client.latencies(receiver, 100);
    const bare = await bareLatencies(receiver, pings);
    const delivered = await client.latencies(receiver, pings);

    for (let more = 1; more < ENDPOINTS; more++) await client.createEndpoint(receiver.url);
    const events = Math.max(options.milliseconds * 4, 100);
    await client.sustained(receiver, 1000);
    const bareRate = await bareThroughput(receiver, events * ENDPOINTS);
    const rate = await client.sustained(receiver, events);

    return {
      title: 'Webhooks',
      text: `From the POST of a ping to the hit at a receiver, one endpoint, a ping every ${PACE_MS} ms; then deliveries a second to ${ENDPOINTS} endpoints while ${events} pings come in, ${BATCH} at a time. Beside them bare POSTs of undici to the same receiver, ${CONCURRENCY} at a time for each endpoint.`,
      header: ['', 'bare POST', 'Flowgate', 'ratio'],
      rows: [
        latencyRow('p50 (ms)', bare, delivered, 0.5, 15),
        latencyRow('p99 (ms)', bare, delivered, 0.99, 30),
        [
          'deliveries/s',
          figure(bareRate),
          figure(rate),
          against(Number((rate / bareRate).toPrecision(3)), '≥', 0.5),
        ],
      ],
    };
  } finally {
    await client.close();
    receiver.stop();
    await flowgate.stop();
    await drop();
  }
}

function latencyRow(
  name: string,
  bare: readonly number[],
  delivered: readonly number[],
  share: number,
  goal: number,
): string[] {
  const [of, limit] = [quantile(delivered, share), quantile(bare, share)];
  const ratio = Number((of / limit).toPrecision(3));
  return [name, figure(limit), figure(of), against(ratio, '≤', goal)];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)]!;
}

function milliseconds(from: bigint, to: bigint): number {
  return Number(to - from) / 1e6;
}

class Receiver {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<Receiver> {
    const child = fork(fileURLToPath(new URL('webhook-receiver.ts', import.meta.url)), {
      execArgv: ['--import', fileURLToPath(new URL('../scripts/typescript.mjs', import.meta.url))],
    });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new Receiver(child, `http://127.0.0.1:${port}/`);
  }

  /** @param message `true` to be told of each hit, a number to be told when there were so many */
  async expect(message: boolean | number): Promise<void> {
    this.child.send(message);
    for (let answer: { ready?: true } = {}; !answer.ready;) {
      [answer] = (await once(this.child, 'message')) as [{ ready?: true }];
    }
  }

  async hit(): Promise<bigint> {
    const [{ at }] = (await once(this.child, 'message')) as [{ at: string }];
    return BigInt(at);
  }

  stop(): void {
    this.child.disconnect();
  }
}

class Client {
  private readonly load: LoadGenerator;
  private minute = 0;

  constructor(
    url: string,
    private readonly sensor: number,
  ) {
    this.load = new LoadGenerator(url, 4);
  }

  async createEndpoint(url: string): Promise<void> {
    const query = `mutation { createWebhookEndpoint(input: { url: "${url}" }) { id } }`;
    await this.load.text({ path: '/graphql', body: JSON.stringify({ query }) });
  }

  /** Milliseconds from a ping's POST to its hit, of one ping after the other. */
  async latencies(receiver: Receiver, count: number): Promise<number[]> {
    await receiver.expect(true);
    const found: number[] = [];
    for (let index = 0; index < count; index++) {
      const hit = receiver.hit();
      const from = process.hrtime.bigint();
      await this.post(1);
      found.push(milliseconds(from, await hit));
      await new Promise((resolve) => setTimeout(resolve, PACE_MS));
    }
    return found;
  }

  /** Deliveries a second, from the first POST to the last hit. */
  async sustained(receiver: Receiver, events: number): Promise<number> {
    const expected = events * ENDPOINTS;
    await receiver.expect(expected);
    const last = receiver.hit();
    const from = process.hrtime.bigint();
    for (let sent = 0; sent < events; sent += BATCH)
      await this.post(Math.min(BATCH, events - sent));
    return (expected / milliseconds(from, await last)) * 1000;
  }

  close(): Promise<void> {
    return this.load.close();
  }

  private async post(count: number): Promise<void> {
    const pings = Array.from({ length: count }, () => ({
      flowrate: 759.9,
      datetime: new Date(START + this.minute++ * 1000).toISOString(),
    }));
    const path = `/api/v1/flow_sensors/${this.sensor}/pings/`;
    await this.load.text({ path, body: JSON.stringify(count === 1 ? pings[0] : pings) });
  }
}

/** Milliseconds from a bare POST to its answer, at the same pace. */
async function bareLatencies(receiver: Receiver, count: number): Promise<number[]> {
  await receiver.expect(false);
  const poster = new BarePoster(receiver.url);
  for (let index = 0; index < 100; index++) await poster.post();
  const found: number[] = [];
  for (let index = 0; index < count; index++) {
    const from = process.hrtime.bigint();
    await poster.post();
    found.push(milliseconds(from, process.hrtime.bigint()));
    await new Promise((resolve) => setTimeout(resolve, PACE_MS));
  }
  await poster.close();
  return found;
}

/** Bare POSTs a second, as many at once as Flowgate makes to all of the endpoints. */
async function bareThroughput(receiver: Receiver, count: number): Promise<number> {
  const posters = Array.from({ length: ENDPOINTS }, () => new BarePoster(receiver.url));
  await receiver.expect(false);
  let left = count;
  const from = process.hrtime.bigint();
  await Promise.all(
    posters.flatMap((poster) =>
      Array.from({ length: CONCURRENCY }, async () => {
        while (left-- > 0) await poster.post();
      }),
    ),
  );
  const seconds = milliseconds(from, process.hrtime.bigint()) / 1000;
  await Promise.all(posters.map((poster) => poster.close()));
  return count / seconds;
}

class BarePoster {
  private readonly pool: Pool;

  constructor(url: string) {
    this.pool = new Pool(new URL(url).origin, { connections: CONCURRENCY });
  }

  async post(): Promise<void> {
    const { body } = await this.pool.request({
      path: '/',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: BODY,
    });
    await body.dump();
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
