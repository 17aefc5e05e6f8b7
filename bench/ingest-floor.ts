import type pg from 'pg';
import { insertPings } from './bare/ingest.js';
import { interleave } from './interleave.js';
import { LoadGenerator } from './load.js';
import type { Options } from './options.js';
import { startFloor } from './processes.js';
import { figure, type Report } from './report.js';

const SENSORS = 50;
const START = Date.UTC(1985);
const STEP_MS = 1000;

/**
 * Measures which share of a bare insert's pings a second is left over HTTP, without summaries and
 * rules.
 */
export async function measureFloor(url: string, pool: pg.Pool, options: Options): Promise<Report> {
  const server = await startFloor(url);
  const load = new LoadGenerator(server.url, options.concurrency);
  const post = (path: string, firstSensor: number) => (n: number) =>
    load.send({ path, body: JSON.stringify(pingOf(firstSensor, n)) });
  const rates = await interleave(
    {
      direct: (n) => insertPings(pool, [pingOf(2000, n)], 0),
      nothing: post('/nothing', 3000),
      insert: post('/insert', 4000),
    },
    options,
  ).finally(async () => {
    await load.close();
    await server.stop();
  });
  const row = (what: string, name: keyof typeof rates) => [
    what,
    figure(rates[name]),
    figure(rates[name] / rates.direct),
  ];
  return {
    title: 'What HTTP leaves of single pings',
    text: `Single pings at concurrency ${options.concurrency}, without rollups, rules or tokens: what a server that does nothing else can reach of
a bare insert, which has no HTTP, on the same cores and with the same load generator.`,
    header: ['for each ping', 'pings/s', 'of bare insert'],
    rows: [
      row('a bare insert, without HTTP', 'direct'),
      row('node:http reads and parses it, and answers: no database', 'nothing'),
      row('node:http, and a bare insert', 'insert'),
    ],
  };
}

/** The n-th ping of some sensors; no two are equal. */
function pingOf(firstSensor: number, n: number) {
  return {
    sensor_id: firstSensor + (n % SENSORS),
    flowrate: ((n * 7919) % 100_000) / 10,
    datetime: new Date(START + n * STEP_MS).toISOString(),
  };
}
