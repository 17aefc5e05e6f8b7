import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { BarePoster } from './bare-poster.js';
import { createAccount, createSensors, settle } from './data.js';
import type { BenchServer } from './database.js';
import { median, quantile } from './load.js';
import type { Options } from './options.js';
import { startFlowgate } from './processes.js';
import { against, figure, type Report } from './report.js';
import { Client, Receiver } from './webhook-client.js';

const ENDPOINTS = 5;
/** Simultaneous deliveries to one endpoint, and simultaneous bare POSTs. */
const CONCURRENCY = 24;
const BATCH = 500;
const PACE_MS = 20;
const WARM_UP_PINGS = 100;

/**
 * Measures how long a ping's webhook takes to arrive, what a dead endpoint costs the others, and
 * the deliveries a second, against bare POSTs of undici.
 */
export async function run(server: BenchServer, options: Options): Promise<Report> {
  const { database, url, drop } = await server.create('webhooks');
  const account = await createAccount(database);
  const [sensor] = await createSensors(database, account, 1);
  await settle(database);
  const flowgate = await startFlowgate(url, { WEBHOOK_ALLOW_PRIVATE_NETWORK: 'true' });
  const receiver = await Receiver.start();
  const client = new Client(flowgate.url, sensor!);
  const stage = { client, receiver, rounds: options.rounds };
  try {
    const pings = Math.max(Math.round(options.milliseconds / 5), 20);
    const events = Math.max(options.milliseconds * 4, 100);
    await client.createEndpoint(receiver.url);
    const single = await latencies(stage, pings);
    while (client.endpoints < ENDPOINTS - 1) await client.createEndpoint(receiver.url);
    const live = await besideDead(stage, pings);
    await client.createEndpoint(receiver.url);
    const rate = await rates(stage, events);
    return {
      title: 'Webhooks',
      text: `The time from the POST of a ping to its arrival at a receiver with one endpoint and a ping every ${PACE_MS} ms, against the round trip of a bare POST of undici to the same receiver; the same with ${ENDPOINTS - 1} endpoints beside a dead one, against without the dead one; and deliveries a second to ${ENDPOINTS} endpoints while ${events} pings arrive, ${BATCH} at a time, against the same number of bare POSTs, ${CONCURRENCY} at a time for each endpoint.`,
      header: ['', 'limit', 'Flowgate', 'ratio'],
      rows: [
        latencyRow('one endpoint, p50 (ms)', single.bare, single.flowgate, 0.5, 15),
        latencyRow('one endpoint, p99 (ms)', single.bare, single.flowgate, 0.99, 30),
        latencyRow('beside a dead endpoint, p99 (ms)', live.without, live.beside, 0.99, 1.5),
        [
          'deliveries/s',
          figure(rate.bare),
          figure(rate.flowgate),
          against(Number((rate.flowgate / rate.bare).toPrecision(3)), '≥', 0.5),
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

interface Stage {
  readonly client: Client;
  readonly receiver: Receiver;
  readonly rounds: number;
}

/** Milliseconds until a ping's hit, and those of bare POSTs. */
async function latencies({ client, receiver, rounds }: Stage, pings: number) {
  const found = { bare: [] as number[], flowgate: [] as number[] };
  const poster = new BarePoster(receiver.url, 1);
  await untilHits(client, receiver, WARM_UP_PINGS);
  for (let round = 0; round < rounds; round++) {
    await receiver.expect(Infinity);
    for (let index = 0; index < pings; index++) {
      const from = process.hrtime.bigint();
      await poster.post();
      found.bare.push(milliseconds(from, process.hrtime.bigint()));
      await pause();
    }
    found.flowgate.push(...(await untilHits(client, receiver, pings)));
  }
  await poster.close();
  return found;
}

/** Milliseconds until the hits at the live endpoints, with and without a dead one beside them. */
async function besideDead({ client, receiver, rounds }: Stage, pings: number) {
  const found = { without: [] as number[], beside: [] as number[] };
  const live = client.endpoints;
  const dead = await unusedUrl();
  await untilHits(client, receiver, WARM_UP_PINGS, live);
  for (let round = 0; round < rounds; round++) {
    found.without.push(...(await untilHits(client, receiver, pings, live)));
    const id = await client.createEndpoint(dead);
    found.beside.push(...(await untilHits(client, receiver, pings, live)));
    await client.deleteEndpoint(id);
  }
  return found;
}

/** Milliseconds from each ping's POST to each of its hits, one ping after the other. */
async function untilHits(
  client: Client,
  receiver: Receiver,
  pings: number,
  endpoints = 1,
): Promise<number[]> {
  await receiver.expect(endpoints);
  const found: number[] = [];
  for (let index = 0; index < pings; index++) {
    const hits = receiver.hits();
    const from = process.hrtime.bigint();
    await client.post(1);
    found.push(...(await hits).map((at) => milliseconds(from, at)));
    await pause();
  }
  return found;
}

/** Deliveries and bare POSTs a second. */
async function rates({ client, receiver, rounds }: Stage, events: number) {
  const found = { bare: [] as number[], flowgate: [] as number[] };
  const deliveries = events * ENDPOINTS;
  for (let round = 0; round < rounds; round++) {
    found.bare.push(await bareRate(receiver, deliveries));
    await receiver.expect(deliveries);
    const hits = receiver.hits();
    const from = process.hrtime.bigint();
    for (let sent = 0; sent < events; sent += BATCH) {
      await client.post(Math.min(BATCH, events - sent));
    }
    found.flowgate.push((deliveries / milliseconds(from, (await hits).at(-1)!)) * 1000);
  }
  return { bare: median(found.bare), flowgate: median(found.flowgate) };
}

/** Makes as many simultaneous POSTs as Flowgate makes to all endpoints. */
async function bareRate(receiver: Receiver, count: number): Promise<number> {
  const posters = Array.from(
    { length: ENDPOINTS },
    () => new BarePoster(receiver.url, CONCURRENCY),
  );
  await receiver.expect(Infinity);
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

/** A URL at which nothing listens. */
async function unusedUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return `http://127.0.0.1:${port}/`;
}

function latencyRow(
  name: string,
  limits: readonly number[],
  values: readonly number[],
  share: number,
  goal: number,
): string[] {
  const [limit, value] = [quantile(limits, share), quantile(values, share)];
  const ratio = Number((value / limit).toPrecision(3));
  return [name, figure(limit), figure(value), against(ratio, '≤', goal)];
}

function milliseconds(from: bigint, to: bigint): number {
  return Number(to - from) / 1e6;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PACE_MS));
}
