import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import WebSocket from 'ws';
import { TOKEN } from '../data.js';
import type { LoadGenerator } from '../load.js';
import { Client } from '../webhook-client.js';
import type { Ledger, Channel } from './ledger.js';

const AUTHORIZATION = `Token ${TOKEN}`;
const PING_RECEIVED = 'subscription { pingReceived { datetime sensor { id } } }';
const PROBE_INTERVAL_MS = 50;

interface PingReceived {
  readonly pingReceived: { readonly datetime: string; readonly sensor: { readonly id: string } };
}

/**
 * A webhook receiver and two subscriptions, which enter the pings that they receive into the
 * ledger.
 */
export class DeliveryChecks {
  private readonly present = new Set<Channel>();
  private readonly closing: (() => unknown)[] = [];

  /** @param probe a sensor whose pings only show that a channel is listening */
  constructor(
    private readonly url: string,
    private readonly probe: number,
    private readonly ledger: Ledger,
  ) {}

  /** Resolves when all of them are listening. */
  async start(load: LoadGenerator): Promise<void> {
    await this.receive();
    const sockets = createSocketClient({
      url: `${this.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: AUTHORIZATION },
      retryAttempts: 0,
    });
    const events = createEventClient({
      url: `${this.url}/graphql`,
      headers: { Authorization: AUTHORIZATION },
      retryAttempts: 0,
    });
    void this.follow('WebSocket', sockets.iterate<PingReceived>({ query: PING_RECEIVED }));
    void this.follow('server-sent events', events.iterate<PingReceived>({ query: PING_RECEIVED }));
    this.closing.push(
      () => sockets.dispose(),
      () => events.dispose(),
    );
    const path = `/api/v1/flow_sensors/${this.probe}/pings/`;
    while (this.present.size < 3) {
      await load.text({ path, body: JSON.stringify({ flowrate: 1 }) });
      await sleep(PROBE_INTERVAL_MS);
    }
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0)) await close();
  }

  private async receive(): Promise<void> {
    const server = createServer((request, response) => {
      void json(request).then((body) => {
        const { data } = body as { data: { sensor_id: number; datetime: string } };
        this.report('webhook', data.sensor_id, data.datetime);
        response.end('ok');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.closing.push(() => server.close().closeAllConnections());
    const client = new Client(this.url, this.probe);
    await client.createEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await client.close();
  }

  private async follow(
    channel: Channel,
    results: AsyncIterable<{
      readonly data?: PingReceived | null | undefined;
      readonly errors?: unknown;
    }>,
  ): Promise<void> {
    try {
      for await (const { data, errors } of results) {
        if (!data) throw new Error(JSON.stringify(errors));
        const { sensor, datetime } = data.pingReceived;
        this.report(channel, Number(sensor.id), datetime);
      }
    } catch (error) {
      // Over WebSocket the GraphQL errors themselves are thrown.
      const message = error instanceof Error ? error.message : JSON.stringify(error);
      process.stderr.write(`${channel}: ${message}\n`);
    }
  }

  private report(channel: Channel, sensorId: number, datetime: string): void {
    if (sensorId === this.probe) this.present.add(channel);
    else this.ledger.report(channel, sensorId, datetime);
  }
}
