import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { at, decide, iso, createFieldWorld, type FieldWorld } from '../../helpers/field-world.js';

let world: FieldWorld;
beforeAll(async () => {
  world = await createFieldWorld();
});
afterAll(() => world.close());

test('late, corrected and deleted readings are accepted, and become one pending adjustment a day that is decided once', async () => {
  const { group, name, sensor } = await world.newField();
  const { id } = await world.closed(group, iso(48), `, start: "${iso(0)}"`);
  await world.record(sensor, [5], 4800);
  await world.record(sensor, [6.5], 2400);
  const [pending, ...others] = await world.adjustmentsOf(id);
  expect(others).toEqual([]);
  expect(pending).toEqual({
    ...{ id: expect.any(String), start: iso(0), status: 'PENDING', revisions: 2 },
    ...{ causes: ['LATE_READINGS', 'CORRECTIONS'], reasonCodes: ['LATE_DATA'] },
    ...{ decidedBy: null, comment: null, appliedIn: null, period: { id } },
    before: { volume: expect.closeTo(2400, 6), status: 'GOOD' },
    after: { volume: expect.closeTo(2500, 6), status: 'GOOD' },
    delta: { volume: expect.closeTo(100, 6), durationInterpolated: 0, pingCount: 1, status: null },
    sensor: { name },
  });
  // What has changed since it was read is not decided about.
  const range = { start: at(30), end: at(31) };
  await world.services.pings.delete(world.principal, sensor, range, {
    ...{ dryRun: false, reasonCode: 'METER_ERROR' },
  });
  await world.record(sensor, [5], 7200);
  expect(await world.refused(decide('accept', [pending.id]))).toMatchObject({
    code: 'CONFLICT',
    message: `The figures of adjustment ${pending.id} have changed since it was read: read the adjustments again.`,
  });
  const [first, second] = await world.adjustmentsOf(id, '(status: PENDING)');
  expect(second).toMatchObject({
    start: iso(24),
    causes: ['DELETIONS'],
    reasonCodes: ['METER_ERROR'],
  });
  expect(second.delta).toEqual({
    ...{ volume: expect.closeTo(0, 6), durationInterpolated: 7200, pingCount: -1, status: null },
  });
  const accepted = (await world.admin(decide('accept', [first.id], 'meter proved')))
    .acceptAdjustments;
  expect(accepted).toEqual([
    { ...first, status: 'ACCEPTED', decidedBy: 'token:ours ADMIN', comment: 'meter proved' },
  ]);
  expect((await world.refused(decide('reject', [first.id]))).message).toBe(
    `Adjustment ${first.id} was accepted already.`,
  );
  expect((await world.admin(decide('reject', [second.id]))).rejectAdjustments).toMatchObject([
    { status: 'REJECTED', appliedIn: null },
  ]);
  expect(await world.adjustmentsOf(id, '(status: PENDING)')).toEqual([]);
  // An accepted one is settled in the next period that is closed; a later change is another one.
  const next = await world.closed(group, iso(72));
  await world.record(sensor, [5], 2400);
  expect(await world.adjustmentsOf(id)).toMatchObject([
    { status: 'ACCEPTED', appliedIn: { id: next.id }, after: { volume: expect.closeTo(2600, 6) } },
    { status: 'PENDING', before: { volume: expect.closeTo(2600, 6) }, appliedIn: null },
    { status: 'REJECTED', appliedIn: null },
  ]);
  const page = `{ period(id: ${id}) { adjustments(first: 1, after: "CURSOR") { totalCount nodes { status }
    pageInfo { hasNextPage hasPreviousPage endCursor } } } }`;
  const start = await world.admin(page.replace(', after: "CURSOR"', ''));
  const { endCursor } = start.period.adjustments.pageInfo;
  expect((await world.admin(page.replace('CURSOR', endCursor))).period.adjustments).toEqual({
    ...{ totalCount: 3, nodes: [{ status: 'PENDING' }] },
    pageInfo: { hasNextPage: true, hasPreviousPage: true, endCursor: expect.any(String) },
  });
  expect((await world.services.periodCheck.of(world.principal)).faults).toEqual([]);
  const { auditEvents } = await world.admin(
    '{ auditEvents(first: 4) { nodes { type subjectType details } } }',
  );
  expect(auditEvents.nodes.map(({ type }: { type: string }) => type)).toEqual([
    ...['PINGS_CORRECTED', 'PERIOD_CLOSED', 'ADJUSTMENTS_REJECTED', 'ADJUSTMENTS_ACCEPTED'],
  ]);
});

test('settings, qualities, substitutions and the reading after the period change figures too, and the adjustment says so', async () => {
  const { substitutions, sensors, pings } = world.services;
  const { principal } = world;
  const { group, sensor } = await world.newField();
  const { id } = await world.closed(group, iso(96), `, start: "${iso(0)}"`);
  await sensors.update(principal, sensor, { maxGap: 60 }, { effectiveFrom: at(80) });
  await sensors.update(principal, sensor, { meterFactor: 1.25 }, { effectiveFrom: at(84) });
  const uncertain = {
    sensorId: sensor,
    datetime: at(4),
    flowrate: 2400,
    quality: 'UNCERTAIN' as const,
  };
  await pings.record(principal, [uncertain], { onConflict: 'OVERWRITE' });
  await substitutions.make(
    ...([
      principal,
      { sensorId: sensor, start: at(30), end: at(34), method: 'REPLACE', value: 0 },
    ] as const),
    { reasonCode: 'METER_ERROR', comment: null },
  );
  const found = await world.adjustmentsOf(id);
  expect(found.map(({ start, causes }) => [start, causes])).toEqual([
    [iso(0), ['QUALITY']],
    [iso(24), ['SUBSTITUTION']],
    [iso(72), ['MAX_GAP', 'METER_FACTOR']],
  ]);
  expect(found[0]).toMatchObject({ before: { status: 'GOOD' }, after: { status: 'UNCERTAIN' } });
  expect(found[2].delta).toMatchObject({
    ...{ durationInterpolated: 16 * 3600, volume: expect.closeTo(300, 6) },
  });

  const late = await world.newField(24);
  const forced = await world.closed(
    late.group,
    iso(24),
    `, start: "${iso(0)}", force: true, reason: "month end"`,
  );
  expect(await world.adjustmentsOf(forced.id)).toEqual([]);
  await world.record(late.sensor, [25]);
  expect(await world.adjustmentsOf(forced.id)).toMatchObject([
    { causes: ['LATER_READINGS'], delta: { volume: expect.closeTo(100, 6) } },
  ]);
  expect((await world.services.periodCheck.of(principal)).faults).toEqual([]);
});
