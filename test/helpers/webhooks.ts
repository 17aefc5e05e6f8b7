import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Domain } from '../../src/composition/domain.js';
import type { Principal } from '../../src/domain/shared/principal.js';
import type { EventsAfter } from '../../src/domain/webhooks/deliveries.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { createTestDomain, type TestDomainOptions } from './domain.js';

/** One request as it came in. */
export interface Hit {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (request: IncomingMessage, response: ServerResponse, hit: Hit) => void;

/** A real HTTP server that takes webhooks. */
export class TestReceiver {
  readonly hits: Hit[] = [];
  answer: Answer = (_request, response) => response.end('ok');
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      const hit = { path, headers, body: Buffer.concat(chunks).toString() };
      this.hits.push(hit);
      this.answer(request, response, hit);
      this.listeners.forEach((listener) => listener());
    });
  });
  private readonly listeners = new Set<() => void>();

  async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook?a=1`;
  }

  /** Resolves with all hits once there are this many. */
  async received(count: number): Promise<Hit[]> {
    while (this.hits.length < count) {
      await new Promise<void>((resolve) => {
        const listener = () => {
          this.listeners.delete(listener);
          resolve();
        };
        this.listeners.add(listener);
      });
    }
    return this.hits;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** The domain with an account, a sensor, and a worker that the test starts. */
export interface WebhookFixture extends Domain {
  readonly test: TestDatabase;
  readonly principal: Principal;
  readonly sensorId: number;
  /** records pings a minute apart */
  record(count: number, sensorId?: number): Promise<void>;
  /** of the fixture's own account */
  eventsAfter(endpointId: number, sequence: number, take: number): Promise<EventsAfter>;
  newAccount(name: string): Promise<Principal>;
  newSensor(name: string, owner?: Principal): Promise<number>;
  /** failures in the background */
  readonly failures: unknown[];
  close(): Promise<void>;
}

export async function createWebhookFixture(
  options: TestDomainOptions = {},
  test?: TestDatabase,
): Promise<WebhookFixture> {
  const own = test === undefined;
  const on = test ?? (await createTestDatabase());
  const { database } = on;
  const failures: unknown[] = [];
  const services = createTestDomain(database, {
    onError: (error) => failures.push(error),
    ...options,
  });
  const { pings } = services;
  const newAccount = async (name: string): Promise<Principal> => {
    const { id } = await database.prisma.account.upsert({
      where: { name },
      create: { name },
      update: {},
    });
    return {
      accountId: id,
      accountName: name,
      actor: { kind: 'operator' },
      scopes: new Set(['ADMIN']),
    };
  };
  const principal = await newAccount('webhooks');
  const newSensor = async (name: string, owner = principal): Promise<number> =>
    (await services.sensors.create(owner, { name })).id;
  const sensorId = await newSensor('Sensor 1');
  let minute = 0;
  return {
    ...services,
    test: on,
    principal,
    sensorId,
    eventsAfter: async (endpointId, sequence, take) => {
      const { webhookDeliveries } = services;
      const found = await webhookDeliveries.after(principal, [endpointId], sequence, take);
      return found.get(endpointId)!;
    },
    newAccount,
    newSensor,
    failures,
    record: async (count, id = sensorId) => {
      const recorded = Array.from({ length: count }, () => ({
        sensorId: id,
        flowrate: 100,
        datetime: new Date(Date.UTC(2026, 0, 1) + minute++ * 60_000),
      }));
      await pings.record(principal, recorded, { onConflict: 'REJECT' });
    },
    close: async () => {
      await services.webhookWorker.close(2000);
      await services.webhookHousekeeping.close();
      await services.realtime.close();
      if (own) await on.drop();
    },
  };
}

/** Asks until the answer is there. */
export async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
