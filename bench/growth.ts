import { createAccount, createPings, createSensors, settle } from './data.js';
import type { BenchServer } from './database.js';
import { LoadGenerator, median, type RequestMaker } from './load.js';
import type { Options } from './options.js';
import { startFlowgate } from './processes.js';
import { against, figure, type Report } from './report.js';
import { LENGTHS, volumePath } from './requests.js';

/** Pings of a sensor in about ten years, one in every five minutes. */
const MAX_HISTORY = 1_000_000;

/** Measures the same requests with more and more pings stored. */
export async function run(server: BenchServer, options: Options): Promise<Report[]> {
  const { growth, rounds, milliseconds, warmUp } = options;
  const stores = [];
  for (const pings of growth) stores.push(await createStore(server, pings));
  try {
    const rows: string[][] = [];
    const p50WithMostPings: Record<string, number> = {};
    for (const [name, makeOf] of Object.entries(CASES)) {
      const latencies: number[][] = stores.map(() => []);
      for (const { load, sensor } of stores) await load.run(makeOf(sensor), 1, warmUp);
      for (let round = 0; round < rounds; round++) {
        for (const [index, { load, sensor }] of stores.entries()) {
          const { p50 } = await load.run(makeOf(sensor), 1, milliseconds / 2);
          latencies[index]!.push(p50);
        }
      }
      const medians = latencies.map(median);
      p50WithMostPings[name] = medians.at(-1)!;
      rows.push([
        name,
        ...medians.map(figure),
        against(Math.max(...medians) / Math.min(...medians), '≤', 1.5),
      ]);
    }
    const years =
      p50WithMostPings['flow_volume over 10 years']! / p50WithMostPings['flow_volume over 1 day']!;
    return [
      {
        title: 'Growth',
        text: `p50 in ms at concurrency 1 by the number of pings stored; sensors ping every five minutes, for ten years at most each.
The volume over 10 years takes ${against(years, '≤', 2)} times as long as over a day.`,
        header: ['request', ...growth.map(figure), 'max / min'],
        rows,
      },
    ];
  } finally {
    for (const { close } of stores) await close();
  }
}

const CASES: Record<string, (sensor: number) => RequestMaker> = {
  ...Object.fromEntries(
    Object.entries(LENGTHS).map(([name, length]) => [
      `flow_volume over ${name}`,
      (sensor: number) => (n: number) => ({ path: volumePath(sensor, length, n) }),
    ]),
  ),
  'pings, page 1': (sensor) => () => ({ path: `/api/v1/flow_sensors/${sensor}/pings/` }),
  'pings, last page': (sensor) => () => ({
    path: `/api/v1/flow_sensors/${sensor}/pings/?page=last`,
  }),
  sensors: () => () => ({ path: '/api/v1/flow_sensors/' }),
};

async function createStore(server: BenchServer, pings: number) {
  const { database, url, drop } = await server.create(`growth_${pings}`);
  const account = await createAccount(database);
  const sensors = await createSensors(database, account, 20);
  const each = Math.min(pings, MAX_HISTORY);
  await createPings(database, sensors.slice(0, Math.ceil(pings / each)), each);
  await settle(database);
  const flowgate = await startFlowgate(url);
  const load = new LoadGenerator(flowgate.url, 1);
  const close = async () => {
    await load.close();
    await flowgate.stop();
    await drop();
  };
  return { sensor: sensors[0]!, load, close };
}
