import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fromBarrels, fromBarrelsPerDay } from '../../../src/domain/shared/units.js';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';
import { accountServices } from '../../helpers/accounts.js';

let world: GraphQLWorld;
let id: string;

beforeAll(async () => {
  world = await createWorld();
  const { sensors, pings } = world.instance.services;
  const { principal } = world.ours;
  const sensor = await sensors.create(principal, { name: 'well' });
  id = String(sensor.id);
  const readings = [0, 1, 2, 30].map((hour) => ({
    sensorId: sensor.id,
    datetime: new Date(Date.UTC(2026, 0, 1, hour)),
    flowrate: 1234.5 + hour,
  }));
  await pings.record(principal, readings, { onConflict: 'REJECT' });
});
afterAll(() => world.close());

const RANGE = 'start: "2026-01-01", end: "2026-01-03"';

test('every volume and flowrate can be asked for in several units at once, null and none meaning barrels', async () => {
  const query = `query ($id: ID!) { flowSensor(id: $id) {
    flowVolume(${RANGE}) {
      volume barrels: volume(unit: BBL) nothing: volume(unit: null) volumeInterpolated
      m3: volume(unit: M3) gallons: volume(unit: GAL) interpolated: volumeInterpolated(unit: ACRE_FT)
      averageFlowrate average: averageFlowrate(unit: FT3_PER_SECOND) cfs: averageFlowrate(unit: CFS)
      minFlowrate(unit: L_PER_MINUTE)
    }
    empty: flowVolume(start: "2020-01-01", end: "2020-01-02") { maxFlowrate(unit: MGD) volume(unit: L) }
    lastPing { flowrate(unit: GPM) }
    pings(first: 1, order: OLDEST_FIRST) { nodes { flowrate(unit: M3_PER_HOUR) } }
    series(${RANGE}, maxPoints: 1) { min(unit: BBL_PER_HOUR) }
  } }`;
  const { flowSensor } = await world.instance.ask(world.ours.reader, query, { id });
  // A compiled query answers the same.
  const again = await world.instance.ask(world.ours.reader, query, { id });
  expect(again.flowSensor).toEqual(flowSensor);
  const { volume, volumeInterpolated, averageFlowrate, ...asked } = flowSensor.flowVolume;
  expect(asked).toEqual({
    barrels: volume,
    nothing: volume,
    m3: fromBarrels(volume, 'm3'),
    gallons: fromBarrels(volume, 'gal'),
    interpolated: fromBarrels(volumeInterpolated, 'acre-ft'),
    average: fromBarrelsPerDay(averageFlowrate, 'ft3/s'),
    cfs: fromBarrelsPerDay(averageFlowrate, 'ft3/s'),
    minFlowrate: fromBarrelsPerDay(1234.5, 'l/min'),
  });
  expect(asked.gallons).toBeCloseTo(volume * 42, 6);
  expect(flowSensor.empty).toEqual({ maxFlowrate: null, volume: 0 });
  expect(flowSensor.lastPing.flowrate).toBe(fromBarrelsPerDay(1264.5, 'gpm'));
  expect(flowSensor.pings.nodes).toEqual([{ flowrate: fromBarrelsPerDay(1234.5, 'm3/h') }]);
  expect(flowSensor.series).toEqual([{ min: fromBarrelsPerDay(1234.5, 'bbl/h') }]);
});

test('a user keeps display units, which tokens do not have', async () => {
  const { users } = accountServices(world.test.database);
  await users.create(world.ours.principal, { username: 'ada', password: 'a right password' });
  const authorization = `Basic ${Buffer.from('ada:a right password').toString('base64')}`;
  const ask = async (query: string) => {
    const response = await world.instance.post(JSON.stringify({ query }), {
      Authorization: authorization,
    });
    return response.json();
  };
  const units = 'viewer { volumeUnit flowrateUnit }';
  expect((await ask(`{ ${units} }`)).data).toEqual({
    viewer: { volumeUnit: 'BBL', flowrateUnit: 'BBL_PER_DAY' },
  });
  const change =
    'mutation { updateViewer(input: { volumeUnit: ACRE_FT, flowrateUnit: GPM }) { volumeUnit } }';
  expect((await ask(change)).data).toEqual({ updateViewer: { volumeUnit: 'ACRE_FT' } });
  const other = 'mutation { updateViewer(input: { volumeUnit: M3 }) { flowrateUnit } }';
  expect((await ask(other)).data).toEqual({ updateViewer: { flowrateUnit: 'GPM' } });
  expect((await ask(`{ ${units} }`)).data).toEqual({
    viewer: { volumeUnit: 'M3', flowrateUnit: 'GPM' },
  });
  const token = await world.instance.query(world.ours.admin, change);
  expect(token.errors[0]!.extensions.code).toBe('FORBIDDEN');
  expect(await world.instance.ask(world.ours.reader, `{ ${units} }`)).toEqual({
    viewer: { volumeUnit: 'BBL', flowrateUnit: 'BBL_PER_DAY' },
  });
});
