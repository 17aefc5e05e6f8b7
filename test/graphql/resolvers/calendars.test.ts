import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
let id: string;

const admin = (query: string, variables?: object) =>
  world.instance.ask(world.ours.admin, query, variables);
const refused = async (query: string, token = world.ours.admin) => {
  const { errors } = await world.instance.query(token, query);
  const { code, field } = errors[0]!.extensions;
  return { code, field, message: errors[0]!.message };
};

beforeAll(async () => {
  world = await createWorld();
  const { sensors, pings } = world.instance.services;
  const { principal } = world.ours;
  id = String((await sensors.create(principal, { name: 'well' })).id);
  const readings = Array.from({ length: 60 }, (_, hour) => ({
    sensorId: Number(id),
    datetime: new Date(Date.UTC(2026, 2, 7, hour)),
    flowrate: 100 * hour,
  }));
  await pings.record(principal, readings, { onConflict: 'REJECT' });
});
afterAll(() => world.close());

const SAVE = `mutation { saveCalendar(input: {
  name: "gas day", timeZone: "America/Chicago", dayStart: "09:00", method: STEP, volumeUnit: M3
}) { name timeZone dayStart method volumeUnit flowrateUnit } }`;
const RANGE = 'start: "2026-03-07", end: "2026-03-09T12:00:00Z", interval: DAY';

test('a named calendar gives zone, day start and method to volumes, also across a change of clocks', async () => {
  expect(await admin(SAVE)).toEqual({
    saveCalendar: {
      ...{ name: 'gas day', timeZone: 'America/Chicago', dayStart: '09:00', method: 'STEP' },
      ...{ volumeUnit: 'M3', flowrateUnit: 'BBL_PER_DAY' },
    },
  });
  const figures = '{ start end volume }';
  const { flowSensor } = await admin(`{ flowSensor(id: ${id}) {
    named: flowVolumes(${RANGE}, calendar: "gas day") ${figures}
    written: flowVolumes(${RANGE}, timeZone: "America/Chicago", dayStart: "09:00", method: STEP) ${figures}
    linear: flowVolumes(${RANGE}, calendar: "gas day", method: LINEAR) ${figures}
    history { flowVolumes(${RANGE}, calendar: "gas day") ${figures} }
  } }`);
  expect(flowSensor.named).toHaveLength(3);
  expect(flowSensor.named.map(({ end }: { end: string }) => end)).toEqual([
    '2026-03-07T15:00:00Z',
    '2026-03-08T14:00:00Z',
    '2026-03-09T12:00:00Z',
  ]);
  expect(flowSensor.named).toEqual(flowSensor.written);
  expect(flowSensor.history.flowVolumes).toEqual(flowSensor.named);
  expect(flowSensor.linear[1].volume).not.toBe(flowSensor.named[1].volume);
});

test('a calendar is set for sensors, which is logged, and stays while a sensor has it', async () => {
  await admin(SAVE);
  const set = (
    name: string,
  ) => `mutation { updateFlowSensor(id: ${id}, input: { calendar: ${name} }) {
    calendar { name dayStart }
    configurationLog(first: 1) { nodes { parameter oldValue newValue } } } }`;
  expect(await admin(set('"gas day"'))).toEqual({
    updateFlowSensor: {
      calendar: { name: 'gas day', dayStart: '09:00' },
      configurationLog: {
        nodes: [{ parameter: 'CALENDAR', oldValue: null, newValue: 'gas day' }],
      },
    },
  });
  const remove = 'mutation { deleteCalendar(name: "gas day") }';
  expect(await refused(remove)).toMatchObject({
    code: 'CONFLICT',
    message: 'Sensors have the calendar "gas day": give them another one first.',
  });
  expect((await admin(set('null'))).updateFlowSensor.calendar).toBeNull();
  expect(await admin(remove)).toEqual({ deleteCalendar: 'gas day' });
  expect((await refused(remove)).code).toBe('NOT_FOUND');
  const { auditEvents } = await admin('{ auditEvents(first: 1) { nodes { type subjectName } } }');
  expect(auditEvents.nodes[0]).toEqual({ type: 'CALENDAR_DELETED', subjectName: 'gas day' });
});

test('wrong calendars and those of another account are refused by the field and the value', async () => {
  await admin(SAVE);
  const save = (fields: string) => `mutation { saveCalendar(input: { ${fields} }) { name } }`;
  expect(await refused(save('name: "x", timeZone: "CST"'))).toMatchObject({ field: 'timeZone' });
  expect(await refused(save('name: "x", timeZone: "UTC", dayStart: "9"'))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'dayStart',
    message: 'Must be a time of day, HH:MM; got "9".',
  });
  expect(await refused(save('name: "", timeZone: "UTC"'))).toMatchObject({ field: 'name' });
  expect((await refused(SAVE, world.ours.reader)).code).toBe('FORBIDDEN');
  const volumes = (extra: string) =>
    `{ flowSensor(id: ${id}) { flowVolumes(${RANGE}, ${extra}) { volume } } }`;
  expect(await refused(volumes('calendar: "oil day"'))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'calendar',
    message: 'Must be the name of a calendar of the account ("gas day"); got "oil day".',
  });
  expect(await refused(volumes('calendar: "gas day", dayStart: "06:00"'))).toMatchObject({
    field: 'dayStart',
    message: 'Must not be given beside calendar, which has one.',
  });
  expect(await world.instance.ask(world.theirs.admin, '{ calendars { name } }')).toEqual({
    calendars: [],
  });
  expect(
    await refused(
      `mutation { updateFlowSensor(id: ${id}, input: { calendar: "oil day" }) { id } }`,
    ),
  ).toMatchObject({ field: 'calendar' });
});
