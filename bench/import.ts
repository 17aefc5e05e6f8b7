import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Database } from '../src/storage/postgres/database.js';
import { createAccount, createSensors, END } from './data.js';
import type { BenchServer } from './database.js';
import { median } from './load.js';
import type { Options } from './options.js';
import { runFlowgate } from './processes.js';
import { against, figure, type Report } from './report.js';

const SENSORS = 50;
const STEP_MS = 300_000;
const ROUNDS = 2;

/**
 * Compares `flowgate import`, summaries included, with a COPY of as many rows into the same table.
 */
export async function run(server: BenchServer, { importRows }: Options): Promise<Report> {
  const { database, url, drop } = await server.create('import');
  const directory = await mkdtemp(path.join(tmpdir(), 'flowgate-import-'));
  try {
    const account = await createAccount(database);
    const imports: number[] = [];
    const copies: number[] = [];
    const starts: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [copied, imported] = await Promise.all(
        ['copied', 'imported'].map(async (name) => {
          const sensors = await createSensors(database, account, SENSORS);
          const file = path.join(directory, `${name}.csv`);
          await pipeline(Readable.from(rows(sensors, importRows)), createWriteStream(file));
          return file;
        }),
      );
      const [sensor] = await createSensors(database, account, 1);
      const single = path.join(directory, 'single.csv');
      await pipeline(Readable.from(rows([sensor!], 1)), createWriteStream(single));
      copies.push(await seconds(() => copy(database, copied!)));
      imports.push(await seconds(() => load(url, imported!)));
      starts.push(await seconds(() => load(url, single)));
    }
    const [imported, copied] = [median(imports), median(copies)];
    return {
      title: 'Import',
      text: `${figure(importRows)} rows of ${SENSORS} sensors, five minutes apart, from a CSV file; the import's time includes the start of its process.`,
      header: ['import s', 'rows/s', 'COPY s', 'rows/s', 'of COPY', 'start of the process s'],
      rows: [
        [
          figure(imported),
          figure(importRows / imported),
          figure(copied),
          figure(importRows / copied),
          against(copied / imported, '≥', 0.3),
          figure(median(starts)),
        ],
      ],
    };
  } finally {
    await rm(directory, { recursive: true });
    await drop();
  }
}

const load = (url: string, file: string) =>
  runFlowgate(url, ['import', file, '--account', 'bench']);

async function copy(database: Database, file: string): Promise<void> {
  const client = await database.pool.connect();
  try {
    const into = 'COPY ping (sensor_id, datetime, flowrate) FROM STDIN (FORMAT csv, HEADER)';
    await pipeline(createReadStream(file), client.query(copyFrom(into)));
  } finally {
    client.release();
  }
}

function* rows(sensors: readonly number[], count: number): Generator<string> {
  yield 'sensor_id,datetime,flowrate\n';
  const each = Math.ceil(count / sensors.length);
  for (const sensor of sensors) {
    let lines = '';
    for (let index = 0; index < each; index++) {
      const datetime = new Date(END - (each - index) * STEP_MS).toISOString();
      lines += `${sensor},${datetime},${((index * 104_729) % 100_000) / 10}\n`;
    }
    yield lines;
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
