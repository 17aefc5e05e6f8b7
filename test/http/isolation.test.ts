import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, createServerWorld, JSON_BODY, token, type World } from '../helpers/server.js';

const HOUR_MS = 3_600_000;
const HOURS = 9990;
const START = Date.UTC(2024, 0, 1);
const RANGE = `start: "2024-01-01T00:00:00Z", end: "${new Date(START + HOURS * HOUR_MS).toISOString()}"`;
const YEARS = 'start: "2015-01-01T00:00:00Z", end: "2026-01-01T00:00:00Z"';
const HEAVY = 16;
const REQUESTS = 8;

let world: World;
beforeAll(async () => {
  world = await createServerWorld();
});
afterAll(() => world.close());

test('while one account sends 16 queries near the cost limit, all requests of another are answered before the last of those, and none is refused', async () => {
  const { ours, theirs, server } = world;
  const { sensors } = server.services;
  const { id: attacked } = await sensors.create(ours.principal, { name: 'a' });
  const { id: other } = await sensors.create(theirs.principal, { name: 'b' });
  // Each has ten thousand objects, and costs as much as a few plots of ten years beside them.
  const plots = Array.from(
    { length: 4 },
    (_, index) => `s${index}: series(${YEARS}, maxPoints: 20) { average }`,
  );
  const hours = `flowVolumes(${RANGE}, interval: HOUR) { start volume coverage }`;
  const query = `{ flowSensor(id: ${attacked}) { ${hours} ${plots.join(' ')} } }`;
  const path = `/api/v1/flow_sensors/${other}`;
  const readAndWrite = (second: number) =>
    Promise.all([
      call(server.url, `${path}/flow_volume/2024-01-01/2024-02-01/`, {
        headers: token(theirs.reader),
      }),
      call(server.url, `${path}/pings/`, {
        method: 'POST',
        headers: { ...JSON_BODY, ...token(theirs.ingester) },
        body: JSON.stringify({
          flowrate: 1,
          datetime: new Date(START + second * 1000).toISOString(),
        }),
      }),
    ]);
  // The other account is at work already when the attack begins.
  await readAndWrite(0);

  let answered = 0;
  const heavy = Array.from({ length: HEAVY }, async () => {
    const reply = await call(server.url, '/graphql', {
      method: 'POST',
      headers: { ...JSON_BODY, ...token(ours.reader) },
      body: JSON.stringify({ query }),
    });
    answered++;
    return reply;
  });

  const statuses: number[] = [];
  for (let second = 1; second <= REQUESTS; second++) {
    for (const { status } of await readAndWrite(second)) statuses.push(status);
  }
  expect(statuses).toEqual(Array(REQUESTS).fill([200, 201]).flat());
  expect(answered).toBeLessThan(HEAVY);

  for (const { status, body } of await Promise.all(heavy)) {
    expect(status).toBe(200);
    expect(body.extensions.cost).toBeGreaterThan(40_000);
    expect(body.data.flowSensor.flowVolumes).toHaveLength(HOURS);
  }
  expect(server.log).toEqual([]);
});
