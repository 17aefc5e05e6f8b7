import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;

const admin = (query: string) => world.instance.ask(world.ours.admin, query);
const refused = async (query: string) => {
  const { errors } = await world.instance.query(world.ours.admin, query);
  const { code, field } = errors[0]!.extensions;
  return { code, field, message: errors[0]!.message };
};
const create = async (fields: string): Promise<string> =>
  (await admin(`mutation { createSensorGroup(input: { ${fields} }) { id } }`)).createSensorGroup.id;
const setMembers = (id: string, members: string) =>
  `mutation { setSensorGroupMembers(id: ${id}, members: [${members}]) { id } }`;

beforeAll(async () => {
  world = await createWorld();
  const gasDay = { name: 'gas day', timeZone: 'America/Chicago' };
  await world.instance.services.calendars.save(world.ours.principal, gasDay);
});
afterAll(() => world.close());

test('the balance of a group compares what flows in and out on the days of its calendar', async () => {
  const { sensors, pings } = world.instance.services;
  const { principal } = world.ours;
  const id = await create('name: "balanced", calendar: "gas day"');
  const members = [];
  // bbl/d at each hour of two days; the last reading of the second outlet comes after an outage
  for (const [name, direction, flowrate] of [
    ...([['in', 'IN', 2400] as const, ['out', 'OUT', 1800] as const] as const),
    ...([['return', 'OUT', -240] as const, ['check meter', null, 9999] as const] as const),
  ]) {
    const sensor = await sensors.create(principal, { name, maxGap: 3600 });
    const hours = Array.from({ length: 49 }, (_, hour) => hour);
    const read = name === 'out' ? hours.filter((hour) => hour <= 36 || hour === 48) : hours;
    await pings.record(
      principal,
      read.map((hour) => {
        return {
          sensorId: sensor.id,
          flowrate,
          datetime: new Date(Date.UTC(2026, 0, 1, 6 + hour)),
        };
      }),
      { onConflict: 'REJECT' },
    );
    members.push(`{ sensorId: ${sensor.id}${direction ? `, direction: ${direction}` : ''} }`);
  }
  await admin(setMembers(id, members.join(', ')));
  const BALANCE = `balance(start: "2026-01-01T06:00:00Z", end: "2026-01-03T06:00:00Z", interval: DAY) {
    start volumeIn volumeOut imbalance volumeInMeasured volumeOutMeasured imbalanceMeasured
    imbalanceRatio coverage gallons: imbalance(unit: GAL) }`;
  const { sensorGroup } = await admin(`{ sensorGroup(id: ${id}) { ${BALANCE} } }`);
  expect(sensorGroup.balance).toEqual([
    {
      start: '2026-01-01T06:00:00Z',
      ...{ volumeIn: 2400, volumeOut: 1560, imbalance: 840, gallons: 35_280 },
      ...{ volumeInMeasured: 2400, volumeOutMeasured: 1560, imbalanceMeasured: 840 },
      ...{ imbalanceRatio: 0.35, coverage: 1 },
    },
    {
      start: '2026-01-02T06:00:00Z',
      ...{ volumeIn: 2400, volumeOut: 1560, imbalance: 840, gallons: 35_280 },
      // Half of the outlet's day is an outage.
      ...{ volumeInMeasured: 2400, volumeOutMeasured: 660, imbalanceMeasured: 1740 },
      ...{ imbalanceRatio: 0.35, coverage: 0.5 },
    },
  ]);
  // Thresholds judge whole days that are over and were measured; either of them is enough.
  const states = async (settings: string, range: string) => {
    await admin(`mutation { updateSensorGroup(id: ${id}, input: { ${settings} }) { id } }`);
    const answer = await world.instance.ask(
      world.ours.reader,
      `{ sensorGroup(id: ${id}) { maxImbalancePercent maxImbalanceVolume balance(${range}) { state } } }`,
    );
    return answer.sensorGroup.balance.map(({ state }: { state: string | null }) => state);
  };
  const days = 'start: "2026-01-01T06:00:00Z", end: "2026-01-03T06:00:00Z", interval: DAY';
  const limits = (percent: number | null, volume: number | null) =>
    `maxImbalancePercent: ${percent}, maxImbalanceVolume: ${volume}`;
  expect(await states('name: "balanced"', days)).toEqual([null, null]);
  expect(await states(limits(35, 840), days)).toEqual(['WITHIN', 'UNMEASURED']);
  expect(await states(limits(34.9, 900), days)).toEqual(['ABOVE', 'UNMEASURED']);
  expect(await states(limits(null, 839), days)).toEqual(['ABOVE', 'UNMEASURED']);
  expect(await states('name: "balanced"', days.replace('DAY', 'MONTH'))).toEqual([null]);
  expect(await states('name: "balanced"', days.replaceAll('06:00', '07:00'))).toEqual([
    ...[null, 'UNMEASURED', null],
  ]);
  const none = await create('name: "without members"');
  const empty = (await admin(`{ sensorGroup(id: ${none}) { ${BALANCE} } }`)).sensorGroup;
  expect(empty.balance[1]).toMatchObject({ volumeIn: 0, imbalance: 0, imbalanceRatio: null });
  const theirs = await world.instance.ask(
    world.theirs.admin,
    `{ sensorGroup(id: ${id}) { ${BALANCE} } }`,
  );
  expect(theirs.sensorGroup).toBeNull();
  const many = [];
  for (let number = 0; number < 40; number++) {
    const { id: sensorId } = await sensors.create(principal, { name: `${number}` });
    many.push(`{ sensorId: ${sensorId}, direction: IN }`);
  }
  await admin(setMembers(none, many.join(', ')));
  const hours = `{ sensorGroup(id: ${none}) { balance(start: "2024-01-01", end: "2024-05-01", interval: HOUR) { imbalance } } }`;
  expect(await refused(hours)).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'end',
    message:
      'Must be such that the sensors have at most 100000 volumes; 40 sensors have 116160 in 2904 intervals.',
  });
});
