import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { CREATE_BARE_PING, insertPings, type SentPing } from './bare/ingest.js';
import { createAccount, createSensors } from './data.js';
import type { BenchServer } from './database.js';
import { interleave } from './interleave.js';
import { measureFloor } from './ingest-floor.js';
import { LoadGenerator, median, type BenchRequest } from './load.js';
import type { Options } from './options.js';
import {
  residentMegabytes,
  startBare,
  startFlowgate,
  startPeer,
  type Server,
} from './processes.js';
import { against, figure, type Report } from './report.js';

const SENSORS = 50;
const BATCH = 1000;
const STEP_MS = 300_000;

interface IngestCase {
  readonly name: string;
  readonly pings: number;
  /** the first instant, so that no two cases overlap */
  readonly start: number;
  /** the sensors that the n-th request is about: one, or all of them */
  readonly sensorsOf: (n: number, sensors: readonly number[]) => readonly number[];
  /**
   * target pings a second, as shares of a bare insert's and the bare server's, and as a multiple of
   * the peer's
   */
  readonly insert: number;
  readonly bare: number;
  readonly peer: number;
}

const CASES: readonly IngestCase[] = [
  {
    name: 'single pings',
    pings: 1,
    start: Date.UTC(1990),
    sensorsOf: (n, sensors) => [sensors[n % SENSORS]!],
    insert: 0.75,
    bare: 0.8,
    peer: 1.5,
  },
  {
    name: `batches of ${BATCH}, each of one sensor`,
    pings: BATCH,
    start: Date.UTC(1995),
    sensorsOf: (n, sensors) => [sensors[n % SENSORS]!],
    insert: 0.5,
    bare: 0.8,
    peer: 1,
  },
  {
    name: `batches of ${BATCH}, each over ${SENSORS} sensors`,
    pings: BATCH,
    start: Date.UTC(2010),
    sensorsOf: (_, sensors) => sensors,
    insert: 0.5,
    bare: 0.8,
    peer: 1,
  },
];

/** Measures pings a second, summaries included, and the server's memory under a stream of them. */
export async function run(server: BenchServer, options: Options): Promise<Report[]> {
  const { database, url, drop } = await server.create('ingest');
  const account = await createAccount(database);
  await database.pool.query(CREATE_BARE_PING);
  const sensors = {
    flowgate: await createSensors(database, account, SENSORS),
    peer: await createSensors(database, account, SENSORS),
    bare: await createSensors(database, account, SENSORS),
    direct: Array.from({ length: SENSORS }, (_, index) => 1000 + index),
  };
  const servers = {
    flowgate: await startFlowgate(url, { MAX_PINGS: '1000000' }),
    bare: await startBare(url),
    peer: await startPeer(url),
  };
  const pool = new pg.Pool({ max: options.concurrency, ...parseIntoClientConfig(url) });
  try {
    const rows: string[][] = [];
    for (const each of CASES) rows.push(await measureCase(each, servers, sensors, pool, options));
    const floor = await measureFloor(url, pool, options);
    const stream = await measureStream(servers.flowgate, sensors.flowgate, options);
    return [{ title: 'Ingest', text: textOf(options), header: HEADER, rows }, floor, stream];
  } finally {
    await pool.end();
    await Promise.all(Object.values(servers).map((each) => each.stop()));
    await drop();
  }
}

function textOf({ concurrency }: Options): string {
  return `Pings a second at concurrency ${concurrency}, commits durable. *bare insert* is \`INSERT … SELECT unnest\` through
\`pg\` from the load generator into a table with the same primary key, without rollups; *bare HTTP* is node:http and a
transaction for each request that keeps rollups, sent in one round trip; *peer* is \`createMany\` behind express, without
rollups. Pings of a sensor are five minutes apart.`;
}

const HEADER = [
  'pings',
  'flowgate /s',
  'of bare insert',
  'of bare HTTP',
  'of peer',
  'bare insert /s',
  'bare HTTP /s',
  'peer /s',
];

async function measureCase(
  each: IngestCase,
  servers: Record<'flowgate' | 'bare' | 'peer', Server>,
  sensors: Record<'flowgate' | 'bare' | 'peer' | 'direct', readonly number[]>,
  pool: pg.Pool,
  options: Options,
): Promise<string[]> {
  const loads = {
    flowgate: new LoadGenerator(servers.flowgate.url),
    bare: new LoadGenerator(servers.bare.url),
    peer: new LoadGenerator(servers.peer.url),
  };
  const overHttp = (name: keyof typeof loads) => (n: number) =>
    loads[name].send(requestOf(each, sensors[name], n));
  const rates = await interleave(
    {
      direct: (n) => insertPings(pool, pingsOf(each, sensors.direct, n), 0),
      flowgate: overHttp('flowgate'),
      bare: overHttp('bare'),
      peer: overHttp('peer'),
    },
    options,
  );
  await Promise.all(Object.values(loads).map((load) => load.close()));
  const rate = (name: keyof typeof rates) => rates[name] * each.pings;
  return [
    each.name,
    figure(rate('flowgate')),
    against(rate('flowgate') / rate('direct'), '≥', each.insert),
    against(rate('flowgate') / rate('bare'), '≥', each.bare),
    against(rate('flowgate') / rate('peer'), '≥', each.peer),
    figure(rate('direct')),
    figure(rate('bare')),
    figure(rate('peer')),
  ];
}

/** The n-th request's pings; no instant of a sensor repeats. */
function pingsOf(
  { pings, start, sensorsOf }: IngestCase,
  sensors: readonly number[],
  n: number,
): (SentPing & { sensor_id: number })[] {
  const of = sensorsOf(n, sensors);
  const each = Math.ceil(pings / of.length);
  const turn = of.length === 1 ? Math.floor(n / SENSORS) : n;
  return of.flatMap((sensor_id) =>
    Array.from({ length: each }, (_, index) => ({
      sensor_id,
      flowrate: ((n * 7919 + index * 104_729) % 100_000) / 10,
      datetime: new Date(start + (turn * each + index) * STEP_MS).toISOString(),
    })),
  );
}

function requestOf(each: IngestCase, sensors: readonly number[], n: number): BenchRequest {
  const pings = pingsOf(each, sensors, n);
  if (each.sensorsOf(n, sensors).length > 1) {
    return { path: '/api/v1/pings/', body: JSON.stringify(pings) };
  }
  const own = pings.map(({ flowrate, datetime }) => ({ flowrate, datetime }));
  const path = `/api/v1/flow_sensors/${pings[0]!.sensor_id}/pings/`;
  return { path, body: JSON.stringify(each.pings === 1 ? own[0] : own) };
}

const SAMPLE_MS = 50;

/** Measures the server's memory under NDJSON requests, one after the other. */
async function measureStream(
  server: Server,
  sensors: readonly number[],
  { streams, streamPings }: Options,
): Promise<Report> {
  const each: IngestCase = { ...CASES[2]!, pings: streamPings, start: Date.UTC(2015) };
  const load = new LoadGenerator(server.url, 1);
  const samples: number[] = [];
  const sampler = setInterval(() => {
    void residentMegabytes(server.pid).then((megabytes) => megabytes && samples.push(megabytes));
  }, SAMPLE_MS);
  const rows: string[][] = [];
  try {
    const parts = Math.min(5, streams);
    for (let part = 0, n = 0; part < parts; part++) {
      samples.length = 0;
      let pings = 0;
      let busyMs = 0;
      for (const until = Math.round((streams * (part + 1)) / parts); n < until; n++) {
        const lines = pingsOf(each, sensors, n).map((ping) => JSON.stringify(ping));
        const began = performance.now();
        await load.send({
          path: '/api/v1/pings/',
          body: lines.join('\n'),
          contentType: 'application/x-ndjson',
        });
        busyMs += performance.now() - began;
        pings += lines.length;
      }
      const [min, max] = [Math.min(...samples), Math.max(...samples)];
      rows.push([
        `up to ${n}`,
        figure(pings / (busyMs / 1000)),
        figure(min),
        figure(samples.length > 0 ? median(samples) : NaN),
        figure(max),
      ]);
    }
  } finally {
    clearInterval(sampler);
    await load.close();
  }
  return {
    title: 'NDJSON stream',
    text: `${streams} requests of ${streamPings} pings over ${SENSORS} sensors, one after the other, to one Flowgate server, and the server's resident memory.`,
    header: ['request', 'pings/s', 'min MB', 'median MB', 'max MB'],
    rows,
  };
}
