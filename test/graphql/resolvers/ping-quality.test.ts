import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const ask = (query: string, variables?: object) =>
  world.instance.ask(world.ours.admin, query, variables);
const RECORD = `mutation ($input: RecordPingsInput!) { recordPings(input: $input) { recorded } }`;
const ping = (sensorId: string, hour: number, flowrate: number) => ({
  sensorId,
  flowrate,
  datetime: `2026-01-01T0${hour}:00:00Z`,
});
/** Later than all that was recorded before, and past. */
const instantAfter = async () => {
  const now = Date.now();
  while (Date.now() <= now + 2) await new Promise((resolve) => setImmediate(resolve));
  return new Date(now + 1).toISOString();
};

test('a change of quality is a revision, changes the volume, can be undone, and is known as of each instant', async () => {
  const { sensors } = world.instance.services;
  const sensor = await sensors.create(world.ours.principal, { name: 'Judged', maxGap: 36_000 });
  const id = String(sensor.id);
  const input = { pings: [ping(id, 0, 24), ping(id, 1, 2400), ping(id, 2, 24)] };
  const range = 'start: "2026-01-01", end: "2026-01-01T02:00:00Z"';
  const query = `query ($id: ID!, $asOf: DateTime) { flowSensor(id: $id) {
    flowVolume(${range}, asOf: $asOf) { volume pingCount status revisions endBound }
    pings(order: OLDEST_FIRST, asOf: $asOf) { totalCount nodes { flowrate quality } }
    lastPing { quality } } }`;
  const figures = async (asOf?: string) => (await ask(query, { id, asOf })).flowSensor;
  const judge = (hour: number, flowrate: number, quality: string) =>
    ask(RECORD, {
      input: {
        pings: [{ ...ping(id, hour, flowrate), quality }],
        onConflict: 'OVERWRITE',
        reasonCode: 'METER_ERROR',
      },
    });
  const served: { asOf: string; answer: object }[] = [];
  const serve = async () => {
    const answer = await figures();
    served.push({ asOf: await instantAfter(), answer });
    return answer;
  };

  await ask(RECORD, { input });
  expect(await serve()).toMatchObject({
    flowVolume: { volume: 101, pingCount: 2, status: 'GOOD', revisions: 0, endBound: 24 },
    pings: { totalCount: 3 },
  });
  await judge(1, 2400, 'BAD');
  await judge(2, 24, 'UNCERTAIN');
  expect(await serve()).toMatchObject({
    flowVolume: { volume: 2, pingCount: 1, status: 'BAD', revisions: 2 },
    pings: {
      totalCount: 3,
      nodes: [{ quality: 'GOOD' }, { flowrate: 2400, quality: 'BAD' }, { quality: 'UNCERTAIN' }],
    },
    lastPing: { quality: 'UNCERTAIN' },
  });
  await judge(1, 2400, 'GOOD');
  expect(await serve()).toMatchObject({
    flowVolume: { volume: 101, pingCount: 2, status: 'UNCERTAIN', revisions: 3 },
  });
  for (const { asOf, answer } of served) {
    const { lastPing: _, ...then } = await figures(asOf);
    expect(answer).toMatchObject(then);
  }
  const { pingRevisions } = (
    await ask(
      `{ flowSensor(id: ${id}) { pingRevisions { nodes { updateType oldQuality newQuality reasonCode } } } }`,
    )
  ).flowSensor;
  const reason = { updateType: 'REPLACE', reasonCode: 'METER_ERROR' };
  expect(pingRevisions.nodes).toEqual([
    { ...reason, oldQuality: 'BAD', newQuality: 'GOOD' },
    { ...reason, oldQuality: 'GOOD', newQuality: 'UNCERTAIN' },
    { ...reason, oldQuality: 'GOOD', newQuality: 'BAD' },
  ]);
});
