import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Sensors } from '../../../src/domain/sensors/sensors.js';
import type { Statement } from '../../../src/storage/postgres/database.js';
import { SensorStore } from '../../../src/storage/sensors/sensor-store.js';
import { levelOfBuckets, rangeCuts } from '../../../src/storage/volumes/range-cuts.js';
import {
  flowVolumes,
  flowVolumesOfCuts,
  packedVolumes,
  rangeVolumes,
  sensorVolume,
} from '../../../src/storage/volumes/sql/flow-volumes.js';
import { hourVolumes } from '../../../src/storage/volumes/sql/hour-volumes.js';
import { lastPings } from '../../../src/storage/pings/sql/last-pings.js';
import { outages } from '../../../src/storage/volumes/sql/outages.js';
import { pingCounts, pingCountsBetween } from '../../../src/storage/pings/sql/ping-counts.js';
import { pingPage, pingPageOfAll } from '../../../src/storage/pings/sql/ping-page.js';
import { pingWindow } from '../../../src/storage/pings/sql/ping-window.js';
import { appendToSummaries } from '../../../src/storage/summaries/sql/append-to-summaries.js';
import { refreshInstants } from '../../../src/storage/summaries/sql/refresh-summaries.js';
import { sensorListEntry, sensorList } from '../../../src/storage/sensors/sql/sensor-list.js';
import { sensorWindow } from '../../../src/storage/sensors/sql/sensor-window.js';
import { series } from '../../../src/storage/volumes/sql/series.js';
import { existingPings, insertPings } from '../../../src/storage/pings/sql/write-pings.js';
import { SummaryStore } from '../../../src/storage/summaries/summary-store.js';
import { accountServices } from '../../helpers/accounts.js';
import { createUndistributedDatabase, type TestDatabase } from '../../helpers/database.js';
import { explain, nodesOf, type PlanNode, type Value } from '../../helpers/plans.js';

const PINGS = 1_000_000;
const FEW_PINGS = 300;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const END = Date.UTC(2026, 0, 1);

let scratch: TestDatabase;
/** one sensor with a million pings, and some with few */
let account: number;
let deep: number;
let all: number[];

beforeAll(async () => {
  scratch = await createUndistributedDatabase();
  const { database } = scratch;
  // While autovacuum reads a table, VACUUM can neither remove its dead rows nor mark its pages as visible.
  for (const table of ['flow_sensor', 'ping', 'ping_summary']) {
    await database.pool.query(`ALTER TABLE ${table} SET (autovacuum_enabled = off)`);
  }
  const { accounts } = accountServices(database);
  await accounts.create('ours');
  const principal = await accounts.operatorIn({ name: 'ours' });
  account = principal.accountId;
  const sensors = new Sensors(new SensorStore(database));
  all = [];
  for (let index = 0; index < 20; index++) {
    all.push((await sensors.create(principal, { name: `sensor ${index}` })).id);
  }
  deep = all[0]!;
  for (const id of all) {
    await database.pool.query(
      `INSERT INTO ping (sensor_id, datetime, flowrate)
       SELECT $1, to_timestamp(${END / 1000} - n * 300 + n % 60), 5000 + n % 977 - n % 7919
       FROM generate_series($2::bigint, 1, -1) AS n`,
      [id, id === deep ? PINGS : FEW_PINGS],
    );
    await new SummaryStore(database).rebuild(id);
  }
  // Otherwise VACUUM leaves entries in an index that few dead rows have.
  await database.pool.query('VACUUM (ANALYZE, INDEX_CLEANUP ON)');
});
afterAll(() => scratch.drop());

const before = (time: number) => new Date(END - time).toISOString();
const edges = (count: number, length: number) =>
  Array.from({ length: count + 1 }, (_, index) => before((count - index) * length + 17 * MINUTE));
/** Boundaries of summaries, the first and the last clipped, and the cuts. */
const buckets = (count: number, length: number): [string[], string[]] => {
  const instants = Array.from({ length: count }, (_, index) => before((count - index) * length));
  const edges = [before(count * length + 17 * MINUTE), ...instants, before(17 * MINUTE)];
  const range = { start: new Date(edges[0]!), end: new Date(edges.at(-1)!) };
  const level = levelOfBuckets(edges.map((at) => new Date(at)));
  return [edges, rangeCuts(range, level).map((at) => at.toISOString())];
};
const day = [before(DAY + 17 * MINUTE), before(17 * MINUTE)];
const decade = [before(3652 * DAY), before(17 * MINUTE)];
const cuts = ([start, end]: string[]) =>
  rangeCuts({ start: new Date(start!), end: new Date(end!) }).map((at) => at.toISOString());
const page = (number: number | null, range = ['-infinity', 'infinity']): Value[] => [
  ...[account, deep, range, number, 1000],
];
const instants = () => [
  all,
  all.map((_, index) => new Date(Date.UTC(2026, 1, 1, index)).toISOString()),
];

/**
 * Each with its parameters and the most blocks (8 kB) that it may touch, again or not: about twice
 * what it does.
 */
const STATEMENTS: [what: string, Statement, values: () => Value[], blocks: number][] = [
  ['a volume over a day', sensorVolume.LINEAR, () => [account, deep, cuts(day)], 60],
  ['a volume over ten years', sensorVolume.LINEAR, () => [account, deep, cuts(decade)], 120],
  [
    'figures of all sensors over a day',
    rangeVolumes.ALL.LINEAR,
    () => [account, all, cuts(day)],
    1500,
  ],
  [
    'volumes of all sensors over a day',
    packedVolumes.LINEAR,
    () => [account, all, cuts(day)],
    1000,
  ],
  [
    'figures of all sensors by the method STEP',
    rangeVolumes.ALL.STEP,
    () => [account, all, cuts(decade)],
    800,
  ],
  [
    'figures of the days of a year',
    flowVolumes.ALL.LINEAR,
    () => [account, [deep], edges(365, DAY)],
    20_000,
  ],
  [
    'volumes of the days (UTC) of a year',
    flowVolumesOfCuts.VOLUME.LINEAR,
    () => [account, [deep], ...buckets(365, DAY)],
    400,
  ],
  ['a page of hours', hourVolumes.LINEAR, () => [account, deep, ...buckets(1000, HOUR)], 2000],
  ['the first page of pings', pingPageOfAll, () => page(1), 150],
  ['page 900 of pings', pingPageOfAll, () => page(900), 150],
  ['the last page of pings', pingPageOfAll, () => page(null), 150],
  ['page 300 of five years', pingPage, () => page(300, [before(1826 * DAY), before(0)]), 150],
  ['the newest pings', pingWindow.DESC, () => [account, all, '-infinity', 'infinity', 21], 250],
  ['the oldest pings', pingWindow.ASC, () => [account, all, '-infinity', 'infinity', 21], 250],
  ['counts of pings', pingCounts, () => [account, all], 250],
  ['counts of pings in five years', pingCountsBetween, () => [account, all, decade], 1200],
  ['last pings', lastPings, () => [account, all], 250],
  ['outages of ten years', outages, () => [account, all, decade, 1000], 2500],
  ['a plot of a day', series, () => [account, [deep], edges(500, DAY / 500)], 200],
  ['a plot of ten years', series, () => [account, [deep], edges(500, 7 * DAY)], 32_000],
  ['a page of sensors', sensorList, () => [account, 1, 1000], 120],
  ['a sensor', sensorListEntry, () => [account, deep], 20],
  ['pings that are already stored', existingPings, instants, 200],
  ...refreshInstants.levels.map((level): (typeof STATEMENTS)[number] => [
    `new summaries (${level.name})`,
    level,
    instants,
    1000,
  ]),
  [
    'summaries to which pings were appended',
    appendToSummaries,
    () => [all, all.map(() => before(5 * MINUTE))],
    1500,
  ],
  [
    'new pings',
    insertPings,
    () => [
      ...instants(),
      all.map(() => 1),
      all.map((_, index) => 5_000_000 + index),
      '2026-01-01T00:00:00Z',
    ],
    400,
  ],
];

describe.each(STATEMENTS)('The statement for %s', (_what, statement, values, blocks) => {
  test('reads by index, sorts in memory, and reads little of a million pings', async () => {
    const plan = await explain(scratch.database.pool, statement.text, values());
    expect(nodesOf(plan).filter(isScanOfTelemetry)).toEqual([]);
    expect(nodesOf(plan).filter((node) => node['Sort Space Type'] === 'Disk')).toEqual([]);
    expect(plan['Temp Written Blocks']).toBe(0);
    expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(blocks);
  });
});

test('Windows of sensors are read by index in every order', async () => {
  for (const field of ['ID', 'NAME'] as const) {
    for (const direction of ['ASC', 'DESC'] as const) {
      const { statement, values } = sensorWindow(account, {
        filter: {},
        order: { field, direction },
        after: { id: deep, ...(field === 'NAME' && { name: 'sensor 0' }) },
        take: 5,
        from: 'first',
      });
      const plan = await explain(scratch.database.pool, statement.text, values as Value[]);
      const kinds = nodesOf(plan).map((node) => node['Node Type']);
      expect(kinds.some((kind) => kind.startsWith('Index'))).toBe(true);
      expect(kinds).not.toContain('Seq Scan');
    }
  }
});

/** The plan that it has in production, made for all parameters, run once and rolled back. */
function isScanOfTelemetry(node: PlanNode): boolean {
  return (
    node['Node Type'] === 'Seq Scan' &&
    ['ping', 'ping_summary'].includes(node['Relation Name'] ?? '')
  );
}
