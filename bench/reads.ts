import { createAccount, createHistories, settle } from './data.js';
import type { BenchServer } from './database.js';
import { LoadGenerator, median, type Measured } from './load.js';
import type { Options } from './options.js';
import { startBare, startFlowgate, startPeer, type Server } from './processes.js';
import { against, figure, type Report } from './report.js';
import { readCases, type ReadCase } from './requests.js';
import { assertSameResponses } from './assert-same-responses.js';

/**
 * Slower requests of the peer are measured once, two at a time: sixteen would exhaust its memory.
 */
const SLOW_MS = 150;

/** The documented paths and the GraphQL operations that frontends use. */
export async function run(server: BenchServer, options: Options): Promise<Report> {
  const { database, url, drop } = await server.create('reads');
  const account = await createAccount(database);
  const histories = await createHistories(database, account, options);
  await settle(database);

  const servers = {
    flowgate: await startFlowgate(url),
    bare: await startBare(url),
    peer: await startPeer(url),
  };
  try {
    const rows: string[][] = [];
    for (const each of readCases(histories)) {
      rows.push(await measure(each, servers, options));
    }
    return { title: 'Reads', text: textOf(options), header: HEADER, rows };
  } finally {
    await Promise.all(Object.values(servers).map((each) => each.stop()));
    await drop();
  }
}

function textOf({ concurrency }: Options): string {
  return `Responses a second at concurrency ${concurrency} and p50 at concurrency 1. *bare* is node:http and \`pg\` with JSON
built by SQL, *peer* is Apollo Server, express and Prisma without loaders or summaries. Targets are in
parentheses. Medians of interleaved rounds; the responses of all three are compared first.`;
}

const HEADER = [
  'request',
  'flowgate /s',
  'of bare',
  'of peer',
  'flowgate p50 ms',
  'of bare',
  'bare /s',
  'peer /s',
];

type Name = 'flowgate' | 'bare' | 'peer';

async function measure(
  { name, make, throughput, latency, peer }: ReadCase,
  servers: Record<Name, Server>,
  { rounds, concurrency, milliseconds, warmUp }: Options,
): Promise<string[]> {
  const names = ['flowgate', 'bare', 'peer'] as const;
  const loads = Object.fromEntries(
    names.map((each) => [each, new LoadGenerator(servers[each].url)]),
  ) as Record<Name, LoadGenerator>;
  await assertSameResponses(make(0), loads);

  const alone: Record<Name, Measured[]> = { flowgate: [], bare: [], peer: [] };
  const together: Record<Name, Measured[]> = { flowgate: [], bare: [], peer: [] };
  const slow = new Set<Name>();
  for (const each of names) {
    const first = await loads[each].run(make, 1, warmUp);
    if (each === 'peer' && first.p50 > SLOW_MS) {
      slow.add(each);
      alone[each].push(first);
      together[each].push(await loads[each].run(make, 2, milliseconds));
    } else {
      await loads[each].run(make, concurrency, warmUp);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const each of names) {
      if (slow.has(each)) continue;
      alone[each].push(await loads[each].run(make, 1, milliseconds));
      together[each].push(await loads[each].run(make, concurrency, milliseconds));
    }
  }
  await Promise.all(Object.values(loads).map((load) => load.close()));

  const rate = (of: Name) => median(together[of].map((each) => each.throughput));
  const p50 = (of: Name) => median(alone[of].map((each) => each.p50));
  return [
    name,
    figure(rate('flowgate')),
    against(rate('flowgate') / rate('bare'), '≥', throughput),
    against(rate('flowgate') / rate('peer'), '≥', peer),
    figure(p50('flowgate')),
    against(p50('flowgate') / p50('bare'), '≤', latency),
    figure(rate('bare')),
    figure(rate('peer')),
  ];
}
