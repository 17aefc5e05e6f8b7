import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toBarrelsPerDay } from '../../../src/domain/shared/units.js';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
let id: string;

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
const RECORD = `mutation ($input: RecordPingsInput!) { recordPings(input: $input) { recorded duplicates } }`;

beforeAll(async () => {
  world = await createWorld();
  const { createFlowSensor } = await world.instance.ask(
    world.ours.admin,
    'mutation { createFlowSensor(input: { name: "meter", entryUnit: M3_PER_HOUR }) { id entryUnit } }',
  );
  expect(createFlowSensor.entryUnit).toBe('M3_PER_HOUR');
  id = createFlowSensor.id;
});
afterAll(() => world.close());

test('readings in a sensor’s unit of entry are converted once, found again as duplicates and reproduced exactly', async () => {
  const other = await world.instance.ask(
    world.ours.admin,
    'mutation { createFlowSensor(input: { name: "in barrels" }) { id } }',
  );
  const readings = ['12.3', '0.1', '-987654321.012345', '7'].map(Number);
  const pings = readings.map((flowrate, hour) => ({ sensorId: id, datetime: at(hour), flowrate }));
  const input = {
    pings: [...pings, { sensorId: other.createFlowSensor.id, datetime: at(0), flowrate: 12.3 }],
  };
  const record = () => world.instance.ask(world.ours.ingester, RECORD, { input });
  expect((await record()).recordPings).toEqual({ recorded: 5, duplicates: 0 });
  expect((await record()).recordPings).toEqual({ recorded: 0, duplicates: 5 });
  const query = `query ($id: ID!) { flowSensor(id: $id) {
    pings(order: OLDEST_FIRST) { nodes { flowrate enteredFlowrate inGallons: enteredFlowrate(unit: GPM) } } } }`;
  const { flowSensor } = await world.instance.ask(world.ours.reader, query, { id });
  expect(flowSensor.pings.nodes).toEqual(
    readings.map((flowrate) => ({
      flowrate: toBarrelsPerDay(flowrate, 'm3/h'),
      enteredFlowrate: flowrate,
      inGallons: expect.any(Number),
    })),
  );
  const barrels = await world.instance.ask(world.ours.reader, query, {
    id: other.createFlowSensor.id,
  });
  expect(barrels.flowSensor.pings.nodes[0]).toMatchObject({
    flowrate: 12.3,
    enteredFlowrate: 12.3,
  });
});

test('a request may have a unit of its own; a conflict names the stored flowrate in it', async () => {
  const pings = [{ sensorId: id, datetime: at(10), flowrate: 240 }];
  await world.instance.ask(world.ours.ingester, RECORD, { input: { pings, unit: 'BBL_PER_DAY' } });
  const conflict = await world.instance.query(world.ours.ingester, RECORD, {
    input: { pings: [{ ...pings[0], flowrate: 8 }], unit: 'GPM' },
  });
  expect(conflict.errors[0]!.extensions).toMatchObject({
    code: 'CONFLICT',
    conflicts: [{ index: 0, flowrate: 7 }],
  });
  const same = { pings: [{ ...pings[0], flowrate: 7 }], unit: 'GPM' };
  expect(await world.instance.ask(world.ours.ingester, RECORD, { input: same })).toEqual({
    recordPings: { recorded: 0, duplicates: 1 },
  });
});

test('a flowrate that is out of range in bbl/d is refused with its index', async () => {
  const pings = [7, 1e15].map((flowrate, hour) => ({
    sensorId: id,
    datetime: at(20 + hour),
    flowrate,
  }));
  const { errors } = await world.instance.query(world.ours.ingester, RECORD, { input: { pings } });
  expect(errors[0]).toMatchObject({
    message: 'Must be 0 or of magnitude 1e-30 to 1e15 in bbl/d; got 1000000000000000 m3/h.',
    extensions: { code: 'BAD_USER_INPUT', field: 'pings.1.flowrate' },
  });
});

test('another unit of entry is logged, applies from now on and changes no stored reading', async () => {
  const update = `mutation ($id: ID!, $input: UpdateFlowSensorInput!) {
    updateFlowSensor(id: $id, input: $input) { entryUnit lastPing { flowrate }
      configurationLog(first: 1) { nodes { parameter oldValue newValue } }
      configuration(at: "2027-01-01") { entryUnit } } }`;
  const refused = await world.instance.query(world.ours.admin, update, {
    id,
    input: { entryUnit: 'CFS', effectiveFrom: at(0) },
  });
  expect(refused.errors[0]).toMatchObject({
    message: 'Must not be given with another unit of entry, which applies from now on.',
    extensions: { field: 'effectiveFrom' },
  });
  const { updateFlowSensor } = await world.instance.ask(world.ours.admin, update, {
    id,
    input: { entryUnit: 'CFS' },
  });
  expect(updateFlowSensor).toEqual({
    entryUnit: 'CFS',
    lastPing: { flowrate: 240 },
    configurationLog: { nodes: [{ parameter: 'ENTRY_UNIT', oldValue: 'm3/h', newValue: 'cfs' }] },
    configuration: { entryUnit: 'CFS' },
  });
  const cleared = await world.instance.ask(world.ours.admin, update, {
    id,
    input: { entryUnit: null },
  });
  expect(cleared.updateFlowSensor.entryUnit).toBe('BBL_PER_DAY');
});
