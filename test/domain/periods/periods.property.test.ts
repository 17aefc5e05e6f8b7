import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Domain } from '../../../src/composition/domain.js';
import type { Adjustment } from '../../../src/domain/periods/adjustments.js';
import type { PeriodRow } from '../../../src/domain/periods/periods.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { createTestDomain } from '../../helpers/domain.js';

const RUNS = Number(process.env.FLOWGATE_TEST_RUNS ?? 12);
const ORIGIN = Date.parse('2024-03-08T13:00:00Z');
const HOUR = 3_600_000;
/** Days from 07:00 in Chicago; the third is 23 hours long. */
const DAYS = [0, 24, 47, 71, 95, 119].map((hours) => new Date(ORIGIN + hours * HOUR));

const hour = fc.integer({ min: -3, max: 125 });
const flowrate = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: -5000, max: 5000, noNaN: true }).map((it) => (Math.abs(it) < 1e-30 ? 0 : it)),
);
const quality = fc.constantFrom('GOOD', 'GOOD', 'UNCERTAIN', 'BAD');
const which = fc.integer({ min: 0, max: 1 });
const change = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      which,
      readings: fc.array(fc.record({ hour, flowrate, quality }), { maxLength: 10 }),
    }),
  },
  fc.record({ kind: fc.constant('delete' as const), which, from: hour, to: hour }),
  fc.record({ kind: fc.constant('substitute' as const), which, from: hour, value: flowrate }),
  fc.record({ kind: fc.constant('reverse' as const), which }),
  fc.record({
    kind: fc.constant('maxGap' as const),
    which,
    maxGap: fc.constantFrom(60, 3600, 7200, 86_400),
    from: hour,
  }),
  fc.record({
    kind: fc.constant('method' as const),
    which,
    method: fc.constantFrom('LINEAR', 'STEP'),
    from: hour,
  }),
  fc.record({
    kind: fc.constant('meterFactor' as const),
    which,
    meterFactor: fc.constantFrom(0.9985, 1, 1.25),
    from: hour,
  }),
);
const step = fc.oneof(
  { weight: 6, arbitrary: change },
  { weight: 2, arbitrary: fc.constant({ kind: 'close' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      status: fc.constantFrom('ACCEPTED', 'REJECTED'),
      share: fc.constantFrom(1, 2),
    }),
  },
);
const history = fc.array(step, { minLength: 4, maxLength: 14 });
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

let db: TestDatabase;
let domain: Domain;
let principal: Principal;
beforeAll(async () => {
  db = await createTestDatabase();
  domain = createTestDomain(db.database);
  await domain.accounts.create('closing');
  principal = await domain.accounts.operatorIn({ name: 'closing' });
  await domain.calendars.save(principal, {
    ...{ name: 'contract day', timeZone: 'America/Chicago', dayStart: '07:00' },
  });
});
afterAll(async () => {
  await domain.realtime.close();
  await db.drop();
});

interface Case {
  readonly groupId: number;
  readonly sensors: readonly number[];
}

let cases = 0;

async function newCase(): Promise<Case> {
  const name = `case ${++cases}`;
  const { id: groupId } = await domain.groups.create(principal, { name, calendar: 'contract day' });
  const sensors: number[] = [];
  for (const index of [0, 1]) {
    const { id } = await domain.sensors.create(principal, { name: `${name} ${index}` });
    sensors.push(id);
    const readings = Array.from({ length: 120 }, (_, at) => ({
      ...{ sensorId: id, datetime: new Date(ORIGIN + at * HOUR), flowrate: 24 * (index + 1) },
    }));
    await domain.pings.record(principal, readings, { onConflict: 'REJECT' });
  }
  const members = sensors.map((sensorId) => ({ sensorId, direction: null }));
  await domain.groups.setMembers(principal, groupId, members);
  return { groupId, sensors };
}

const standing = async ({ groupId }: Case): Promise<PeriodRow[]> =>
  (await domain.periods.window(principal, groupId, { take: 100, from: 'last' })).periods
    .filter(({ reopenedAt }) => !reopenedAt)
    .reverse();

async function play(at: Case, each: Step): Promise<void> {
  const sensorId = 'which' in each ? at.sensors[each.which]! : 0;
  const instant = (hours: number) => new Date(ORIGIN + hours * HOUR);
  if (each.kind === 'record') {
    const readings = each.readings.map(({ hour, flowrate, quality }) => ({
      ...{ sensorId, flowrate, quality: quality as 'GOOD', datetime: instant(hour + 0.25) },
    }));
    await domain.pings.record(principal, readings, { onConflict: 'OVERWRITE' });
  } else if (each.kind === 'delete') {
    const [start, end] = [Math.min(each.from, each.to), Math.max(each.from, each.to)].map(instant);
    const range = { start: start!, end: end! };
    await domain.pings.delete(principal, sensorId, range, { dryRun: false });
  } else if (each.kind === 'substitute') {
    const range = { start: instant(each.from), end: instant(each.from + 5) };
    await domain.substitutions.make(
      ...([principal, { sensorId, ...range, method: 'REPLACE', value: each.value }] as const),
      { reasonCode: 'METER_ERROR', comment: null },
    );
  } else if (each.kind === 'reverse') {
    const all = (await domain.substitutions.newest(principal, [sensorId])).get(sensorId) ?? [];
    const last = all.find(({ reversedAt }) => !reversedAt);
    const reason = { reasonCode: 'OTHER', comment: null };
    if (last) await domain.substitutions.reverse(principal, sensorId, last.id, reason);
  } else if ('from' in each) {
    const { kind: _kind, which: _which, from, ...input } = each;
    await domain.sensors.update(principal, sensorId, input, {
      effectiveFrom: instant(from),
    });
  } else if (each.kind === 'close') {
    const last = (await standing(at)).at(-1)?.end ?? DAYS[0]!;
    const next = DAYS.filter((day) => day > last);
    const end = next[1] ?? next[0];
    const input = { start: last, end: end!, force: true, reason: 'property' };
    if (end) await domain.periods.close(principal, at.groupId, input);
  } else if (each.kind === 'reopen') {
    const last = (await standing(at)).at(-1);
    if (last) await domain.periods.reopen(principal, last.id, 'property');
  } else {
    const all: Adjustment[] = [];
    for (const period of await standing(at)) {
      all.push(...(await domain.adjustments.of(principal, period)));
    }
    const pending = all.filter(({ status }) => status === 'PENDING');
    const ids = pending.filter((_, index) => index % each.share === 0).map(({ id }) => id);
    const status = each.status as 'ACCEPTED';
    if (ids.length > 0) await domain.adjustments.decide(principal, ids, status, undefined);
  }
}

/** closed + accepted + rejected + pending = current, of every figure of every day. */
async function expectInvariant(at: Case): Promise<void> {
  const sensors = await domain.sensors.find(principal, at.sensors);
  for (const period of await standing(at)) {
    const adjustments = await domain.adjustments.of(principal, period);
    const closed = (await domain.periods.sensors(principal, [period.id])).get(period.id)!;
    expect(closed.map(({ sensorId }) => sensorId)).toEqual(at.sensors);
    const current = await domain.volumes.between(
      ...([principal, [...sensors.values()], period.boundaries, undefined] as const),
    );
    for (const { sensorId, figures } of closed) {
      const now = current.get(sensorId)!;
      const details = await domain.volumes.details(principal, now);
      for (const [day, asClosed] of figures.entries()) {
        const own = adjustments.filter((each) => each.sensorId === sensorId && each.day === day);
        const pending = own.filter(({ status }) => status === 'PENDING');
        expect(pending.length).toBeLessThanOrEqual(1);
        for (const name of ['volume', 'volumeMeasured', 'volumeInterpolated'] as const) {
          const sum = own.reduce((total, { delta }) => total + delta[name], asClosed[name]);
          expect(sum).toBeCloseTo(now[day]![name], 5);
        }
        const substituted = own.reduce(
          (total, { delta }) => total + delta.volumeSubstituted,
          asClosed.volumeSubstituted,
        );
        expect(substituted).toBeCloseTo(details[day]!.volumeSubstituted, 5);
        for (const name of ['durationGood', 'durationInterpolated', 'durationMissing'] as const) {
          const sum = own.reduce((total, { delta }) => total + delta[name], asClosed[name]);
          expect(sum).toBeCloseTo(now[day]![name], 3);
        }
        const count = own.reduce((total, { delta }) => total + delta.pingCount, asClosed.pingCount);
        expect(count).toBe(now[day]!.pingCount);
      }
    }
  }
  // Late readings of a closed period are logged because the sensor knows until when it is closed.
  const end = (await standing(at)).at(-1)?.end ?? null;
  for (const { closedUntil } of sensors.values()) expect(closedUntil).toEqual(end);
}

test('closed figures, all adjustments and nothing else make the current figures, after any history of late readings, corrections, deletions, qualities, substitutions, settings, closings, reopenings and decisions', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const at = await newCase();
      try {
        await play(at, { kind: 'close' });
        const [first] = await standing(at);
        const asClosed = await domain.periods.sensors(principal, [first!.id]);
        for (const each of steps) {
          await play(at, each);
          await expectInvariant(at);
        }
        expect(await domain.periods.sensors(principal, [first!.id])).toEqual(asClosed);
        const { faults, compared } = await domain.periodCheck.of(principal);
        expect(faults).toEqual([]);
        if ((await standing(at)).length > 0) expect(compared).toBeGreaterThan(0);
      } finally {
        // The next cases need not check this one again.
        for (const { id } of (await standing(at)).reverse()) {
          await domain.periods.reopen(principal, id, 'checked');
        }
      }
    }),
    { numRuns: RUNS },
  );
});
