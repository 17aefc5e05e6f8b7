import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  at,
  close,
  decide,
  iso,
  createFieldWorld,
  type FieldWorld,
} from '../../helpers/field-world.js';

let world: FieldWorld;
beforeAll(async () => {
  world = await createFieldWorld();
});
afterAll(() => world.close());

test('a period is closed with the figures of its days, the next one follows it, and both are listed newest first', async () => {
  const { group, name, sensor } = await world.newField();
  const preview =
    await world.admin(`{ periodPreview(group: ${group}, start: "${iso(0)}", end: "${iso(48)}") {
    start end incomplete { id } sensors { direction total { volume } days { start end figures { volume } } } } }`);
  const days = [
    { start: iso(0), end: iso(24), figures: { volume: expect.closeTo(2400, 6) } },
    { start: iso(24), end: iso(48), figures: { volume: expect.closeTo(2400, 6) } },
  ];
  const sensors = [{ direction: 'IN', total: { volume: expect.closeTo(4800, 6) }, days }];
  expect(preview.periodPreview).toEqual({
    ...{ start: iso(0), end: iso(48), incomplete: [], sensors },
  });
  const first = await world.closed(group, iso(48), `, start: "${iso(0)}"`);
  expect(first).toMatchObject({
    ...{
      start: iso(0),
      end: iso(48),
      status: 'CLOSED',
      closedBy: 'token:ours ADMIN',
      reason: null,
    },
    ...{ calendar: 'contract day', timeZone: 'America/Chicago', dayStart: '07:00' },
  });
  const second = await world.closed(group, iso(72));
  expect(second).toMatchObject({ start: iso(48), end: iso(72) });
  expect(
    await world.admin(`{ periods(group: ${group}, first: 1) { totalCount nodes { id } pageInfo { hasNextPage } }
      period(id: ${first.id}) { group { name } sensors { direction sensor { id } total { volume }
        days { start end figures { volume } } } adjustments { totalCount } }
      sensorGroup(id: ${group}) { periods(last: 1) { nodes { id } } } }`),
  ).toEqual({
    periods: { totalCount: 2, nodes: [{ id: second.id }], pageInfo: { hasNextPage: true } },
    period: {
      group: { name },
      sensors: [{ ...sensors[0], sensor: { id: String(sensor) } }],
      adjustments: { totalCount: 0 },
    },
    sensorGroup: { periods: { nodes: [{ id: first.id }] } },
  });
  expect(await world.refused(`mutation { deleteSensorGroup(id: ${group}) }`)).toMatchObject({
    code: 'CONFLICT',
    message: 'The group has closed periods, whose record stays.',
  });
});

test('a period is refused with the field and the rule, and while readings up to its end are missing unless it is forced with a reason', async () => {
  const { group, sensor } = await world.newField(30);
  const start = `, start: "${iso(0)}"`;
  expect(await world.refused(close(group, iso(24)))).toEqual({
    ...{ code: 'BAD_USER_INPUT', field: 'start' },
    message: 'Is required for the first period of a group.',
  });
  expect(await world.refused(close(group, iso(23), start))).toEqual({
    ...{ code: 'BAD_USER_INPUT', field: 'end' },
    message: `Must be the start of a day of the group’s calendar, 07:00 in America/Chicago; got ${iso(23)}.`,
  });
  expect(await world.refused(close(group, iso(24), `, start: "${iso(1)}"`))).toMatchObject({
    field: 'start',
  });
  expect(await world.refused(close(group, iso(0), start))).toMatchObject({ field: 'end' });
  expect(await world.refused(close(group, '2199-01-01T13:00:00Z', start))).toMatchObject({
    field: 'end',
    message: expect.stringContaining('Must not be in the future'),
  });
  expect(await world.refused(close(group, iso(48), start))).toMatchObject({
    code: 'CONFLICT',
    message: `Readings up to the end of the period are missing of flow sensor ${sensor}: none is stored at the end or after it. Record them, retire the sensor, or close with force and a reason.`,
  });
  expect(await world.refused(close(group, iso(48), `${start}, force: true`))).toMatchObject({
    ...{ field: 'reason', message: 'Is required with force.' },
  });
  // Nothing of what was refused is left: late readings are not yet those of a closed period.
  const { closedUntil } = await world.services.sensors.require(world.principal, sensor);
  expect(closedUntil).toBeNull();
  expect(
    await world.closed(group, iso(48), `${start}, force: true, reason: "meter failed"`),
  ).toMatchObject({
    reason: 'meter failed',
  });
  expect(await world.refused(close(group, iso(72), start))).toMatchObject({ field: 'start' });
  const { createSensorGroup } = await world.admin(
    'mutation { createSensorGroup(input: { name: "empty" }) { id } }',
  );
  expect(
    await world.refused(close(createSensorGroup.id, '2026-01-02', ', start: "2026-01-01"')),
  ).toMatchObject({
    ...{ code: 'CONFLICT', message: 'The group has no sensors.' },
  });
});

test('a volume is approved where its range lies in closed periods, which may adjoin, of every sensor of it', async () => {
  const { group, name } = await world.newField();
  const approval = async (start: number, end: number, asOf = '') => {
    const { flowSensors } = await world.admin(`{ flowSensors(filter: { search: "${name}" }) {
      flowVolume(start: "${iso(start)}", end: "${iso(end)}"${asOf}) { approval }
      nodes { flowVolume(start: "${iso(start)}", end: "${iso(end)}"${asOf}) { approval } } } }`);
    expect(flowSensors.nodes[0].flowVolume).toEqual(flowSensors.flowVolume);
    return flowSensors.flowVolume.approval;
  };
  expect(await approval(0, 24)).toBe('PROVISIONAL');
  const before = new Date().toISOString();
  await world.closed(group, iso(24), `, start: "${iso(0)}"`);
  const { id } = await world.closed(group, iso(72));
  expect(await approval(1, 71.5)).toBe('APPROVED');
  expect(await approval(1, 72.5)).toBe('PROVISIONAL');
  expect(await approval(-1, 5)).toBe('PROVISIONAL');
  expect(await approval(1, 20, `, asOf: "${before}"`)).toBe('PROVISIONAL');
  const closed = new Date().toISOString();
  await world.admin(`mutation { reopenPeriod(id: ${id}, reason: "again") { id } }`);
  expect(await approval(1, 71.5)).toBe('PROVISIONAL');
  expect(await approval(1, 71.5, `, asOf: "${closed}"`)).toBe('APPROVED');
  // A sensor of another group is among them.
  const total = `{ flowSensors { flowVolume(start: "${iso(1)}", end: "${iso(20)}") { approval } } }`;
  await world.newField();
  expect((await world.admin(total)).flowSensors.flowVolume.approval).toBe('PROVISIONAL');
});

test('a period is refused while flagged readings of it, not others, are not worked off', async () => {
  const { group, sensor } = await world.newField(30);
  await world.services.sensors.setChecks(world.principal, sensor, {
    operationalLimit: { high: 5000 },
  });
  await world.record(sensor, [7.5, 29.5], 6000);
  const close24 = close(group, iso(24), `, start: "${iso(0)}"`);
  expect(await world.refused(close24)).toMatchObject({
    code: 'CONFLICT',
    message:
      'One reading of the period failed checks and is not worked off: accept or reject the flags, or close with force and a reason.',
  });
  const preview = `periodPreview(group: ${group}, start: "${iso(0)}", end: "${iso(24)}") { openFlags }`;
  const { periodPreview, readingFlags } = await world.admin(
    `{ ${preview} readingFlags(sensorIds: [${sensor}], end: "${iso(24)}") { nodes { id } } }`,
  );
  expect(periodPreview.openFlags).toBe(1);
  const [flag] = readingFlags.nodes;
  await world.admin(
    `mutation { resolveReadingFlags(ids: ["${flag.id}"], resolution: ACCEPT) { id } }`,
  );
  expect(await world.admin(close24)).toMatchObject({ closePeriod: { status: 'CLOSED' } });
  expect(await world.refused(close(group, iso(30)))).toMatchObject({ field: 'end' });
});

test('only the last period of a group is reopened, stays on record, and is closed again with other figures', async () => {
  const { group, sensor } = await world.newField();
  const first = await world.closed(group, iso(24), `, start: "${iso(0)}"`);
  const second = await world.closed(group, iso(48));
  const reopen = (id: string, reason = 'meter factor was wrong') =>
    `mutation { reopenPeriod(id: ${id}, reason: ${JSON.stringify(reason)}) { status reopenedBy reopenReason } }`;
  expect(await world.refused(reopen(first.id))).toMatchObject({
    code: 'CONFLICT',
    message: `Only the last closed period of a group can be reopened, which is period ${second.id}.`,
  });
  expect(await world.refused(reopen(second.id, ' '))).toMatchObject({ field: 'reason' });
  await world.record(sensor, [30], 4800);
  await world.record(sensor, [3], 4800);
  const [adjustment] = await world.adjustmentsOf(first.id);
  await world.admin(decide('accept', [adjustment.id]));
  const until = async () =>
    (await world.services.sensors.require(world.principal, sensor)).closedUntil;
  expect(await until()).toEqual(at(48));
  expect((await world.admin(reopen(second.id))).reopenPeriod).toEqual({
    ...{
      status: 'REOPENED',
      reopenedBy: 'token:ours ADMIN',
      reopenReason: 'meter factor was wrong',
    },
  });
  expect(await until()).toEqual(at(24));
  expect(await world.refused(reopen(second.id))).toMatchObject({
    message: `Period ${second.id} has been reopened already.`,
  });
  expect(await world.adjustmentsOf(second.id)).toEqual([]);
  const again = await world.closed(group, iso(48));
  expect(again.start).toBe(iso(24));
  const total = '{ sensors { total { volume } } }';
  expect(
    await world.admin(
      `{ before: period(id: ${second.id}) ${total} after: period(id: ${again.id}) ${total} }`,
    ),
  ).toEqual({
    before: { sensors: [{ total: { volume: expect.closeTo(2400, 6) } }] },
    after: { sensors: [{ total: { volume: expect.closeTo(2500, 6) } }] },
  });
  expect(await world.adjustmentsOf(first.id)).toMatchObject([{ appliedIn: { id: again.id } }]);
});

test('periods and adjustments of another account do not exist for it, and viewers change nothing', async () => {
  const { group, sensor } = await world.newField();
  const { id } = await world.closed(group, iso(24), `, start: "${iso(0)}"`);
  await world.record(sensor, [3], 0);
  const [adjustment] = await world.adjustmentsOf(id);
  for (const query of [
    close(group, iso(48)),
    `mutation { reopenPeriod(id: ${id}, reason: "x") { id } }`,
    decide('accept', [adjustment.id]),
    `{ periods(group: ${group}) { totalCount } }`,
    `{ periodPreview(group: ${group}, end: "${iso(48)}") { start } }`,
  ]) {
    expect((await world.refused(query, world.theirs.admin)).code).toBe('NOT_FOUND');
  }
  expect(await world.instance.ask(world.theirs.admin, `{ period(id: ${id}) { id } }`)).toEqual({
    period: null,
  });
  for (const query of [
    close(group, iso(48)),
    `mutation { reopenPeriod(id: ${id}, reason: "x") { id } }`,
    decide('reject', [adjustment.id]),
  ]) {
    expect((await world.refused(query, world.ours.reader)).code).toBe('FORBIDDEN');
    expect((await world.refused(query, world.ours.ingester)).code).toBe('FORBIDDEN');
  }
  expect((await world.refused(decide('accept', ['1-x']))).code).toBe('NOT_FOUND');
  const ours = await world.instance.ask(
    world.ours.reader,
    `{ period(id: ${id}) { adjustments { nodes { status } } } }`,
  );
  expect(ours.period.adjustments.nodes).toEqual([{ status: 'PENDING' }]);
});
