import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LoadGenerator } from './load.js';

/** The process that receives webhooks. */
export class Receiver {
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

  /** Restarts the count; `hits` then resolves after each `hits` further ones. */
  async expect(hits: number): Promise<void> {
    this.child.send(hits);
    for (let answer: { ready?: true } = {}; !answer.ready;) {
      [answer] = (await once(this.child, 'message')) as [{ ready?: true }];
    }
  }

  /** When the expected hits arrived (nanoseconds of the machine's monotonic clock). */
  async hits(): Promise<bigint[]> {
    const [{ at }] = (await once(this.child, 'message')) as [{ at: string[] }];
    return at.map(BigInt);
  }

  stop(): void {
    this.child.disconnect();
  }
}

const CONNECTIONS = 4;
const START = Date.UTC(2026, 0, 1);

/** Records pings of one sensor and manages the account's endpoints. */
export class Client {
  private readonly load: LoadGenerator;
  /** number of endpoints */
  endpoints = 0;
  private seconds = 0;

  constructor(
    url: string,
    private readonly sensor: number,
  ) {
    this.load = new LoadGenerator(url, CONNECTIONS);
  }

  /** @returns its id */
  async createEndpoint(url: string): Promise<string> {
    const { createWebhookEndpoint } = await this.mutate<{ createWebhookEndpoint: { id: string } }>(
      `createWebhookEndpoint(input: { url: "${url}" }) { id }`,
    );
    this.endpoints++;
    return createWebhookEndpoint.id;
  }

  async deleteEndpoint(id: string): Promise<void> {
    this.endpoints--;
    await this.mutate(`deleteWebhookEndpoint(id: "${id}")`);
  }

  async post(count: number): Promise<void> {
    const pings = Array.from({ length: count }, () => ({
      flowrate: 759.9,
      datetime: new Date(START + this.seconds++ * 1000).toISOString(),
    }));
    const path = `/api/v1/flow_sensors/${this.sensor}/pings/`;
    await this.load.text({ path, body: JSON.stringify(count === 1 ? pings[0] : pings) });
  }

  close(): Promise<void> {
    return this.load.close();
  }

  private async mutate<Data>(mutation: string): Promise<Data> {
    const body = JSON.stringify({ query: `mutation { ${mutation} }` });
    const { data } = JSON.parse(await this.load.text({ path: '/graphql', body })) as { data: Data };
    return data;
  }
}
