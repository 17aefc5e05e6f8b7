import { createAccount, createHistories, createSensors, settle } from './data.js';
import type { BenchServer } from './database.js';
import { LoadGenerator, type BenchRequest } from './load.js';
import type { Options } from './options.js';
import { startFlowgate } from './processes.js';
import { against, figure, type Report } from './report.js';
import { readCases } from './requests.js';
import { findings, newestPing } from './soak/findings.js';
import { Ledger } from './soak/ledger.js';
import { Mix } from './soak/mix.js';
import { HEADER, Part } from './soak/part.js';
import { watch } from './soak/sample.js';
import { DeliveryChecks } from './soak/delivery-checks.js';
import { Writer } from './soak/writer.js';

const PARTS = 5;
const SAMPLE_MS = 200;
/** Enough that requests that wait for the disk do not delay others. */
const CONNECTIONS = 64;
/** How long to wait for late deliveries at the end. */
const DELIVERY_TIMEOUT_MS = 60_000;
/** Growth of the memory up to which it counts as constant. */
const MAX_GROWTH_MB = 50;

/**
 * Runs a server under a steady mix of everything it does, and checks that it stays stable and
 * everything is right.
 */
export async function run(server: BenchServer, options: Options): Promise<Report> {
  const { database, url, drop } = await server.create('soak');
  const account = await createAccount(database);
  const histories = await createHistories(database, account, options);
  const [probe] = await createSensors(database, account, 1);
  await settle(database);

  const flowgate = await startFlowgate(url, { WEBHOOK_ALLOW_PRIVATE_NETWORK: 'true' });
  const load = new LoadGenerator(flowgate.url, CONNECTIONS);
  const ledger = new Ledger();
  const deliveryChecks = new DeliveryChecks(flowgate.url, probe!, ledger);
  try {
    await deliveryChecks.start(load);
    const lastId = await newestPing(database);
    let part = new Part();
    const send = (request: BenchRequest, expected?: string) => part.send(load, request, expected);
    const writer = new Writer(send, histories.ids, ledger);
    const mix = new Mix([
      ...readCases(histories).map(({ make, perSecond }) => ({
        perSecond,
        work: (n: number) => send(make(n)),
      })),
      { perSecond: 20, work: (n) => writer.single(n) },
      { perSecond: 1, work: (n) => writer.batch(n) },
      { perSecond: 0.2, work: (n) => writer.stream(n) },
    ]);
    const parts: Part[] = [];
    for (; parts.length < PARTS; part = new Part()) {
      const over = new AbortController();
      const [samples] = await Promise.all([
        watch(flowgate, database, SAMPLE_MS, over.signal),
        mix.run((options.soakSeconds * 1000) / PARTS).finally(() => over.abort()),
      ]);
      part.end(samples, await flowgate.heapMegabytes());
      parts.push(part);
    }
    await ledger.settled(DELIVERY_TIMEOUT_MS);
    const growth = parts.at(-1)!.medianMegabytes - parts[1]!.medianMegabytes;
    return {
      title: 'Soak',
      text: `${figure(options.soakSeconds)} s in five parts, ${figure(mix.perSecond)} requests a second: those of _Reads_; pings sent one by one, in
batches (late ones, repeated ones, corrections) and as NDJSON; a webhook and two subscriptions that receive each ping.
CPU is the server's share of one processor; the heap is measured after a full garbage collection at the end.
${await findings({ database, url, ledger, lastId })}; memory of the last part minus that of the second, in MB: ${against(growth, '≤', MAX_GROWTH_MB)}.`,
      header: HEADER,
      rows: parts.map((each, index) => each.row(`${index + 1}`)),
    };
  } finally {
    await deliveryChecks.close();
    await load.close();
    await flowgate.stop();
    await drop();
  }
}
