import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

const NOW = new Date('2026-03-01T12:00:00Z');

let world: GraphQLWorld;
let sensorId: number;
let theirId: number;
const ask = (query: string, variables?: object) =>
  world.instance.ask(world.ours.reader, query, variables);

beforeAll(async () => {
  world = await createWorld({ clock: () => NOW });
  const { sensors, pings } = world.instance.services;
  const { ours, theirs } = world;
  const sensor = await sensors.create(ours.principal, {
    name: 'North inlet',
    latitude: 29.760435,
    longitude: -95.3698,
    pipeDiameter: 14.64,
    activatedAt: new Date('2019-01-01T00:00:00Z'),
    maxGap: 7200,
  });
  sensorId = sensor.id;
  const record = (id: number, principal = ours.principal) =>
    pings.record(
      principal,
      [
        { sensorId: id, datetime: new Date('2026-02-28T00:00:00Z'), flowrate: 0 },
        { sensorId: id, datetime: new Date('2026-02-28T01:00:00Z'), flowrate: 24 },
        { sensorId: id, datetime: new Date('2026-02-28T02:00:00Z'), flowrate: 24 },
        { sensorId: id, datetime: new Date('2026-02-28T12:00:00.123Z'), flowrate: 0 },
      ],
      { onConflict: 'REJECT' },
    );
  await record(sensorId);
  theirId = (await sensors.create(theirs.principal, { name: 'Theirs' })).id;
  await record(theirId, theirs.principal);
});
afterAll(() => world.close());

describe('flowSensor', () => {
  test('flowSensor has what is known of the device, and the newest ping', async () => {
    const data = await ask(
      `query ($id: ID!) { flowSensor(id: $id) {
        id name latitude longitude pipeDiameter activatedAt maxGap silentSince
        lastPing { id datetime flowrate sensor { id } } } }`,
      { id: sensorId },
    );
    expect(data.flowSensor).toEqual({
      id: String(sensorId),
      name: 'North inlet',
      latitude: 29.760435,
      longitude: -95.3698,
      pipeDiameter: 14.64,
      activatedAt: '2019-01-01T00:00:00Z',
      maxGap: 7200,
      silentSince: '2026-02-28T12:00:00.123Z',
      lastPing: {
        id: expect.stringMatching(/^\d+$/),
        datetime: '2026-02-28T12:00:00.123Z',
        flowrate: 0,
        sensor: { id: String(sensorId) },
      },
    });
  });

  test.each(['0', '-1', '1.5', 'x', '', '01', '99999999999999999999', '2147483647'])(
    'flowSensor is null for an id that does not exist: %p',
    async (id) => {
      expect(await ask('query ($id: ID!) { flowSensor(id: $id) { id } }', { id })).toEqual({
        flowSensor: null,
      });
    },
  );

  test('flowSensor is null for a sensor of another account', async () => {
    expect(await ask(`{ flowSensor(id: ${theirId}) { id } }`)).toEqual({ flowSensor: null });
  });

  test('the volume is the integral, with the outages and the coverage that they leave', async () => {
    const { flowSensor } = await ask(
      `query ($id: ID!, $start: DateTime!, $end: DateTime!) { flowSensor(id: $id) {
        flowVolume(start: $start, end: $end) {
          start end volume coverage pingCount minFlowrate maxFlowrate averageFlowrate }
        step: flowVolume(start: $start, end: $end, method: STEP) { volume }
        outages(start: $start, end: $end) { start end }
        ofNoLength: outages(start: $end, end: $end) { start }
        series(start: $start, end: $end, maxPoints: 2) { datetime min max average }
      } }`,
      { id: sensorId, start: '2026-02-28', end: '2026-02-28T04:00:00+00:00' },
    );
    const { flowVolume, ...rest } = flowSensor;
    expect(flowVolume).toMatchObject({
      start: '2026-02-28T00:00:00Z',
      end: '2026-02-28T04:00:00Z',
      coverage: 0.5,
      pingCount: 3,
      minFlowrate: 0,
      maxFlowrate: 24,
    });
    expect(flowVolume.volume).toBeCloseTo(0.5 + 1 + 1.8, 5);
    expect(flowVolume.averageFlowrate).toBeCloseTo(flowVolume.volume * 6, 9);
    expect(rest).toEqual({
      step: { volume: 3 },
      outages: [{ start: '2026-02-28T02:00:00Z', end: '2026-02-28T12:00:00.123Z' }],
      ofNoLength: [],
      series: [
        { datetime: '2026-02-28T00:00:00Z', min: 0, max: 24, average: 12 },
        { datetime: '2026-02-28T02:00:00Z', min: 24, max: 24, average: 24 },
      ],
    });
  });

  test('a volume says the flowrates at its ends, whether readings are missing, and how many revisions touch it', async () => {
    const { ours, instance } = world;
    const { sensors, pings } = instance.services;
    const { id } = await sensors.create(ours.principal, { name: 'Revised' });
    const record = (hours: readonly number[], flowrate: number) =>
      pings.record(
        ours.principal,
        hours.map((hour) => ({
          sensorId: id,
          datetime: new Date(Date.UTC(2026, 1, 28, hour)),
          flowrate: flowrate + hour,
        })),
        { onConflict: 'OVERWRITE' },
      );
    await record([0, 2, 4, 6, 40], 100);
    await record([2, 4], 200);
    // From then on flowrates last until the next ping.
    const effectiveFrom = new Date('2026-02-28T03:00:00Z');
    await sensors.update(ours.principal, id, { method: 'STEP' }, { effectiveFrom });
    const { flowSensor, flowSensors } = await ask(
      `query ($id: ID!) {
        flowSensor(id: $id) {
          own: flowVolume(start: "2026-02-28T01:00:00Z", end: "2026-02-28T05:00:00Z") { ...details }
          linear: flowVolume(start: "2026-02-28T01:00:00Z", end: "2026-02-28T05:00:00Z", method: LINEAR) { ...details }
          hourly: flowVolume(start: "2026-02-28", end: "2026-02-28T01:00:00Z") { startBound(unit: BBL_PER_HOUR) endBound(unit: null) }
          early: flowVolume(start: "2026-02-27", end: "2026-02-28T01:00:00Z", method: LINEAR) { ...details }
          future: flowVolume(start: "2026-03-01T10:00:00Z", end: "2026-03-01T13:00:00Z") { ...details }
          hours: flowVolumes(start: "2026-02-28T05:30:00Z", end: "2026-02-28T06:30:00Z", interval: HOUR, method: LINEAR) { ...details }
        }
        flowSensors(filter: { ids: [$id, ${sensorId}] }) {
          flowVolume(start: "2026-02-28", end: "2026-02-28T01:00:00Z", method: LINEAR) { ...details }
        }
      }
      fragment details on FlowVolume { partial startBound endBound revisions }`,
      { id },
    );
    const whole = { partial: false, startBound: 151, revisions: 2 };
    expect(flowSensor.own).toEqual({ ...whole, endBound: 204 });
    expect(flowSensor.linear).toEqual({ ...whole, endBound: (204 + 106) / 2 });
    expect(flowSensor.hourly).toEqual({ startBound: 100 / 24, endBound: 151 });
    expect(flowSensor.early).toEqual({
      ...{ partial: true, startBound: null, endBound: 151, revisions: 1 },
    });
    expect(flowSensor.future).toEqual({
      ...{ partial: true, startBound: 106, endBound: 106, revisions: 0 },
    });
    expect(flowSensor.hours).toEqual([
      { partial: false, startBound: 130.5, endBound: 106, revisions: 1 },
      { partial: false, startBound: 106, endBound: 106.5, revisions: 0 },
    ]);
    expect(flowSensors.flowVolume).toEqual({
      ...{ partial: false, startBound: 100, endBound: 151 + 24, revisions: 1 },
    });
  });

  test('flowVolumes by the calendar are oldest first and clipped to the range', async () => {
    const { flowSensor } = await ask(
      `query ($id: ID!) { flowSensor(id: $id) {
        hours: flowVolumes(start: "2026-02-28T00:30:00Z", end: "2026-02-28T02:00:00Z", interval: HOUR) { start end volume }
        days: flowVolumes(start: "2026-02-27", end: "2026-03-01", interval: DAY, timeZone: "America/Chicago", dayStart: "07:00") { start end }
      } }`,
      { id: sensorId },
    );
    expect(flowSensor.hours).toEqual([
      { start: '2026-02-28T00:30:00Z', end: '2026-02-28T01:00:00Z', volume: 0.375 },
      { start: '2026-02-28T01:00:00Z', end: '2026-02-28T02:00:00Z', volume: 1 },
    ]);
    expect(flowSensor.days).toEqual([
      { start: '2026-02-27T00:00:00Z', end: '2026-02-27T13:00:00Z' },
      { start: '2026-02-27T13:00:00Z', end: '2026-02-28T13:00:00Z' },
      { start: '2026-02-28T13:00:00Z', end: '2026-03-01T00:00:00Z' },
    ]);
  });

  test('arguments of null are treated as omitted', async () => {
    const { flowSensor } = await ask(
      `{ flowSensor(id: ${sensorId}) {
        flowVolume(start: "2026-02-28", end: "2026-03-01", method: null) { pingCount }
        flowVolumes(start: "2026-02-28", end: "2026-03-01", interval: DAY, timeZone: null, dayStart: null, method: null) { pingCount }
        series(start: "2026-02-28", end: "2026-03-01", maxPoints: null) { min }
        pings(first: null, last: null, after: null, before: null, start: null, end: null, order: null) { nodes { datetime } }
      } }`,
    );
    expect(flowSensor.flowVolume.pingCount).toBe(4);
    expect(flowSensor.flowVolumes).toEqual([{ pingCount: 4 }]);
    expect(flowSensor.series).toHaveLength(4);
    expect(flowSensor.pings.nodes[0].datetime).toBe('2026-02-28T12:00:00.123Z');
  });
});

describe('viewer', () => {
  test('viewer has the name of its token', async () => {
    const data = await ask('{ viewer { username tokenName account role scopes } }');
    expect(data.viewer).toEqual({
      username: null,
      tokenName: 'ours READ',
      account: 'ours',
      role: null,
      scopes: ['READ'],
    });
  });
});
