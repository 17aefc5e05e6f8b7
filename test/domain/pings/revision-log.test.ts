import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDomain } from '../../helpers/domain.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import type { Domain } from '../../../src/composition/domain.js';
import type { Principal } from '../../../src/domain/shared/principal.js';

const START = Date.parse('2025-03-01T00:00:00Z');
const HOUR = 3_600_000;
const REJECT = { onConflict: 'REJECT' } as const;
const OVERWRITE = { onConflict: 'OVERWRITE' } as const;

let db: TestDatabase;
let domain: Domain;
let ours: Principal;
let theirs: Principal;
beforeAll(async () => {
  db = await createTestDatabase();
  domain = createTestDomain(db.database);
  const newAccount = async (name: string) => {
    await domain.accounts.create(name);
    return domain.accounts.operatorIn({ name });
  };
  ours = await newAccount('ours');
  theirs = await newAccount('theirs');
});
afterAll(() => db.drop());

const newSensor = async (maxGap = 3600, owner = ours) =>
  (await domain.sensors.create(owner, { name: 'A', maxGap })).id;
const ping = (sensorId: number, hours: number, flowrate: number) => ({
  sensorId,
  datetime: new Date(START + hours * HOUR),
  flowrate,
});

async function logOf(sensorId: number, owner = ours) {
  const window = { take: 100, from: 'last' } as const;
  const range = { start: undefined, end: undefined };
  const found = await domain.revisions.windows(owner, [sensorId], range, window);
  return [...found.get(sensorId)!.items].reverse();
}

async function pingsOf(sensorId: number) {
  const { rows } = await db.database.pool.query<{ id: string; recorded_at: Date; at: Date }>(
    'SELECT id, recorded_at, datetime AS at FROM ping WHERE sensor_id = $1 ORDER BY datetime',
    [sensorId],
  );
  return rows;
}

describe('The instant at which a ping is recorded', () => {
  test('all pings of a request have one, between the request and its answer, and a correction keeps it', async () => {
    const sensor = await newSensor();
    const before = Date.now();
    await domain.pings.record(ours, [ping(sensor, 0, 1), ping(sensor, 1, 2)], REJECT);
    const after = Date.now();
    const [first, second] = await pingsOf(sensor);
    expect(first!.recorded_at).toEqual(second!.recorded_at);
    expect(first!.recorded_at.getTime()).toBeGreaterThanOrEqual(before);
    // It is rounded up to milliseconds.
    expect(first!.recorded_at.getTime()).toBeLessThanOrEqual(after + 1);
    await domain.pings.record(ours, [ping(sensor, 0, 9)], OVERWRITE);
    expect((await pingsOf(sensor))[0]).toEqual(first);
    expect((await logOf(sensor))[0]!.revisedAt.getTime()).toBeGreaterThanOrEqual(
      first!.recorded_at.getTime(),
    );
  });

  test('it ascends with the ids of a sensor’s pings, however many write at once', async () => {
    const sensor = await newSensor();
    const other = createTestDomain(db.database);
    await Promise.all(
      Array.from({ length: 60 }, (_, hour) =>
        (hour % 2 ? domain : other).pings.record(ours, [ping(sensor, hour, 1)], REJECT),
      ),
    );
    const byId = (await pingsOf(sensor)).sort((a, b) => Number(a.id) - Number(b.id));
    const recorded = byId.map((each) => each.recorded_at.getTime());
    expect(recorded).toHaveLength(60);
    expect(recorded).toEqual([...recorded].sort((a, b) => a - b));
  });

  test('all pings of an import have one', async () => {
    const file = (rows: string) => ['sensor_name,datetime,flowrate', rows, ''].join('\n');
    await importFile(file('B,2025-03-01T00:00Z,1\nB,2025-03-02T00:00Z,1\nC,2025-03-01T00:00Z,1'));
    await importFile(file('B,2025-03-01T12:00Z,1\nC,2025-03-02T00:00Z,1'));
    const { rows } = await db.database.pool.query(
      `SELECT count(DISTINCT recorded_at)::int AS instants, count(*)::int AS pings FROM ping
       JOIN flow_sensor s ON s.id = sensor_id WHERE s.name IN ('B', 'C')`,
    );
    expect(rows).toEqual([{ instants: 2, pings: 5 }]);
  });
});

describe('The history of a sensor’s pings', () => {
  test('a ping that lies before the newest one by more than the max gap is logged as an insertion, with LATE_DATA', async () => {
    const sensor = await newSensor(3600);
    const pings = [ping(sensor, 10, 1), ping(sensor, 2, 2)];
    await domain.pings.record(ours, pings, REJECT);
    // Within one request, nothing was there before.
    expect(await logOf(sensor)).toEqual([]);
    const late = { ...ping(sensor, 9, 5), datetime: new Date(START + 9 * HOUR - 1) };
    await domain.pings.record(ours, [ping(sensor, 9, 3), ping(sensor, 11, 4), late], REJECT);
    const { recorded_at } = (await pingsOf(sensor))[1]!;
    const log = await logOf(sensor);
    expect(log).toMatchObject([
      {
        updateType: 'INSERT',
        datetime: late.datetime,
        oldFlowrate: null,
        newFlowrate: 5,
        revisedAt: recorded_at,
        revisedBy: 'operator',
        reasonCode: 'LATE_DATA',
        comment: null,
      },
    ]);
  });

  test('requests that share a transaction are each late by what those before them recorded', async () => {
    const sensor = await newSensor(3600);
    const record = (hours: number) =>
      domain.pings.record(ours, [ping(sensor, hours, hours)], REJECT);
    await Promise.all([record(1), record(20), record(5), record(30), record(19), record(29.5)]);
    expect((await logOf(sensor)).map(({ newFlowrate }) => newFlowrate)).toEqual([5, 19]);
  });

  test('a late ping that is corrected in the same transaction is inserted and then replaced', async () => {
    const sensor = await newSensor(60);
    await domain.pings.record(ours, [ping(sensor, 10, 1)], REJECT);
    await Promise.all([
      domain.pings.record(ours, [ping(sensor, 1, 2)], REJECT),
      domain.pings.record(ours, [ping(sensor, 1, 3)], { ...OVERWRITE, reasonCode: 'DATA_ENTRY' }),
    ]);
    expect(await logOf(sensor)).toMatchObject([
      { updateType: 'INSERT', oldFlowrate: null, newFlowrate: 2, reasonCode: 'LATE_DATA' },
      { updateType: 'REPLACE', oldFlowrate: 2, newFlowrate: 3, reasonCode: 'DATA_ENTRY' },
    ]);
  });

  test('corrections and deletions keep their reason code and comment, and a late ping that code too', async () => {
    const sensor = await newSensor(60);
    const reason = { reasonCode: 'CALIBRATION', comment: 'proved at 10:00' };
    await domain.pings.record(ours, [ping(sensor, 0, 1), ping(sensor, 9, 1)], REJECT);
    const pings = [ping(sensor, 0, 2), ping(sensor, 1, 2)];
    await domain.pings.record(ours, pings, { ...OVERWRITE, ...reason });
    const range = { start: new Date(START), end: new Date(START + 2 * HOUR) };
    await domain.pings.delete(ours, sensor, range, { dryRun: false, ...reason });
    expect(await logOf(sensor)).toMatchObject([
      { updateType: 'INSERT', newFlowrate: 2, ...reason },
      { updateType: 'REPLACE', oldFlowrate: 1, newFlowrate: 2, ...reason },
      { updateType: 'DELETE', oldFlowrate: 2, newFlowrate: null, ...reason },
      { updateType: 'DELETE', oldFlowrate: 2, newFlowrate: null, ...reason },
    ]);
  });

  test('an import logs late pings and corrections as requests do', async () => {
    const file = (rows: string[]) => ['sensor_name,datetime,flowrate', ...rows, ''].join('\n');
    await importFile(file(['L,2025-03-05T00:00Z,1']));
    await importFile(
      file(['L,2025-03-04T22:59:59Z,2', 'L,2025-03-04T23:00Z,3', 'L,2025-03-05T00:00Z,4']),
      { onConflict: 'OVERWRITE', reasonCode: 'METER_ERROR', comment: 'meter 7' },
    );
    await importFile(file(['L,2025-03-01T00:00Z,5', 'L,2025-03-01T01:00Z,5']));
    const sensor = await db.database.prisma.flowSensor.findFirstOrThrow({ where: { name: 'L' } });
    const reason = { revisedBy: 'operator', reasonCode: 'METER_ERROR', comment: 'meter 7' };
    const late = { updateType: 'INSERT', reasonCode: 'LATE_DATA', comment: 'test' };
    expect(await logOf(sensor.id)).toMatchObject([
      { updateType: 'INSERT', oldFlowrate: null, newFlowrate: 2, ...reason },
      { updateType: 'REPLACE', oldFlowrate: 1, newFlowrate: 4, ...reason },
      { newFlowrate: 5, ...late },
      { newFlowrate: 5, ...late },
    ]);
  });
});

describe('Reason codes', () => {
  test('an account adds codes of its own, which no other account can use, and revisions keep one that is removed', async () => {
    const [own, foreign] = [await newSensor(), await newSensor(3600, theirs)];
    await domain.pings.record(ours, [ping(own, 0, 1)], REJECT);
    await domain.pings.record(theirs, [ping(foreign, 0, 1)], REJECT);
    await domain.reasonCodes.add(ours, 'PIG_RUN', 'A pig passed the meter.');
    const correct = (principal: Principal, sensor: number, flowrate: number) =>
      domain.pings.record(principal, [ping(sensor, 0, flowrate)], {
        ...OVERWRITE,
        reasonCode: 'PIG_RUN',
      });
    await correct(ours, own, 2);
    await expect(correct(theirs, foreign, 2)).rejects.toMatchObject({
      errors: [
        {
          path: ['reasonCode'],
          message: expect.stringMatching(/one of .*METER_ERROR.*OTHER; got "PIG_RUN"/),
        },
      ],
    });
    expect(await domain.reasonCodes.list(theirs)).not.toContainEqual(
      expect.objectContaining({ isCustom: true }),
    );
    await domain.reasonCodes.remove(ours, 'PIG_RUN');
    await expect(correct(ours, own, 3)).rejects.toThrow('got "PIG_RUN"');
    expect(await logOf(own)).toMatchObject([{ reasonCode: 'PIG_RUN', newFlowrate: 2 }]);
    await expect(domain.reasonCodes.remove(ours, 'PIG_RUN')).rejects.toThrow('Not found.');
  });

  test('a code that exists already is a conflict, and its form is checked', async () => {
    await expect(domain.reasonCodes.add(ours, 'OTHER', 'x')).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await domain.reasonCodes.add(ours, 'LEAK', 'A leak.');
    await expect(domain.reasonCodes.add(ours, 'LEAK', 'x')).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    for (const code of ['', 'leak', '1A', 'A B', 'A'.repeat(65)]) {
      await expect(domain.reasonCodes.add(ours, code, 'x')).rejects.toMatchObject({
        errors: [{ path: ['code'], message: expect.stringContaining(`got "${code}"`) }],
      });
    }
    await expect(domain.reasonCodes.add(ours, 'FINE', '')).rejects.toMatchObject({
      errors: [{ path: ['description'] }],
    });
  });
});

async function importFile(text: string, options: object = {}) {
  return domain.imports.run(
    ours,
    (async function* () {
      yield text;
      await Promise.resolve();
    })(),
    {
      unit: 'bbl/d',
      onConflict: 'REJECT',
      createSensors: true,
      dryRun: false,
      comment: 'test',
      ...options,
    },
  );
}
