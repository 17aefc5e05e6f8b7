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
import { Witnesses } from './soak/delivery-checks.js';
import { Writer } from './soak/writer.js';

const PARTS = 5;
const SAMPLE_MS = 200;
/** So many that what waits for the disk holds up nothing else. */
const CONNECTIONS = 64;
/** How long what is told late is waited for, in the end. */
const PATIENCE_MS = 60_000;
const FLAT_MB = 50;

/** A server under a steady mix of all that it does: whether it stays as it was, and whether all is right in the end. */
export async function run(server: BenchServer, options: Options): Promise<Report> {
  const { database, url, drop } = await server.create('soak');
  const account = await createAccount(database);
  const histories = await createHistories(database, account, options);
  const [probe] = await createSensors(database, account, 1);
  await settle(database);

  const flowgate = await startFlowgate(url, { WEBHOOK_ALLOW_PRIVATE_NETWORK: 'true' });
  const load = new LoadGenerator(flowgate.url, CONNECTIONS);
  const ledger = new Ledger();
  const witnesses = new Witnesses(flowgate.url, probe!, ledger);
  try {
    await witnesses.start(load);
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
    await ledger.settled(PATIENCE_MS);
    const growth = parts.at(-1)!.medianMegabytes - parts[1]!.medianMegabytes;
    return {
      title: 'Soak',
      text: `${figure(options.soakSeconds)} s in five parts, ${figure(mix.perSecond)} requests a second: those of _Reads_, pings that come in one by one, in
batches (late ones, repeated ones, corrections) and as NDJSON, and a webhook and two subscriptions that are told of each.
CPU is the server's, of one processor; the heap is what a garbage collection left in the end.
${await findings({ database, url, ledger, lastId })}; memory of the last part less that of the second, in MB: ${against(growth, '≤', FLAT_MB)}.`,
      header: HEADER,
      rows: parts.map((each, index) => each.row(`${index + 1}`)),
    };
  } finally {
    await witnesses.close();
    await load.close();
    await flowgate.stop();
    await drop();
  }
}
