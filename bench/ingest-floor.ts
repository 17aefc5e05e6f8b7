import type pg from 'pg';
import { insertPings } from './bare/ingest.js';
import { LoadGenerator, measure, median, WARM_UP } from './load.js';
import type { Options } from './options.js';
import { startFloor } from './processes.js';
import { figure, type Report } from './report.js';

const CONCURRENCY = 16;
const SENSORS = 50;
const START = Date.UTC(1985);
const STEP_MS = 1000;

/** How much of a bare insert's pings a second is left once they come over HTTP, with no rollups and no rules at all. */
export async function measureFloor(
  url: string,
  pool: pg.Pool,
  { rounds, milliseconds }: Options,
): Promise<Report> {
  const server = await startFloor(url);
  const load = new LoadGenerator(server.url, CONCURRENCY);
  const post = (path: string) => (n: number) =>
    load.send({ path, body: JSON.stringify(pingOf(n)) });
  const ways = {
    direct: (n: number) => insertPings(pool, [pingOf(n)], 0),
    nothing: post('/nothing'),
    insert: post('/insert'),
  };
  const names = ['direct', 'nothing', 'insert'] as const;
  const rates: Record<string, number[]> = {};
  let sent = 0;
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const name of names) {
        const length = round === 0 ? WARM_UP * milliseconds : milliseconds;
        const { throughput, requests } = await measure(ways[name], CONCURRENCY, length, sent);
        sent += requests;
        // The first round warms up.
        if (round > 0) (rates[name] ??= []).push(throughput);
      }
    }
  } finally {
    await load.close();
    await server.stop();
  }
  const rate = (name: string) => median(rates[name]!);
  const row = (what: string, name: string) => [
    what,
    figure(rate(name)),
    figure(rate(name) / rate('direct')),
  ];
  return {
    title: 'What HTTP leaves of single pings',
    text: `Single pings at concurrency ${CONCURRENCY}, without rollups, rules or tokens: what a server that does nothing else can reach of
a bare insert, which has no HTTP, on the same cores and with the same load generator.`,
    header: ['for each ping', 'pings/s', 'of bare insert'],
    rows: [
      row('a bare insert, without HTTP', 'direct'),
      row('node:http reads and parses it, and answers: no database', 'nothing'),
      row('node:http, and a bare insert', 'insert'),
    ],
  };
}

/** The n-th ping: none comes again. */
function pingOf(n: number) {
  return {
    sensor_id: 2000 + (n % SENSORS),
    flowrate: ((n * 7919) % 100_000) / 10,
    datetime: new Date(START + n * STEP_MS).toISOString(),
  };
}
