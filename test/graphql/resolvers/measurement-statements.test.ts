import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, createServerWorld, sendGraphQL, token, type World } from '../../helpers/server.js';

let world: World;
let id: number;
beforeAll(async () => {
  world = await createServerWorld();
  const { sensors, pings } = world.server.services;
  id = (await sensors.create(world.ours.principal, { name: 'well' })).id;
  const readings = Array.from({ length: 49 }, (_, hour) => ({
    sensorId: id,
    datetime: new Date(Date.UTC(2026, 2, 1, hour)),
    flowrate: 24,
  }));
  await pings.record(world.ours.principal, readings, { onConflict: 'REJECT' });
});
afterAll(() => world.close());

const send = (key: string, query: string): Promise<any> => sendGraphQL(world, key, query, {});
const issue = (more = '', sensorId = id) => `mutation { issueStatement(input: {
  sensorIds: [${sensorId}], start: "2026-03-01", end: "2026-03-03" ${more} }) {
  number version supersedes supersededBy start end volume sensors { id name volume } } }`;

test('an administrator issues statements, every credential of the account reads them, and no other account does', async () => {
  const { admin, reader } = world.ours;
  const { data, errors } = await send(admin, issue());
  expect(errors).toBeUndefined();
  expect(data.issueStatement).toEqual({
    ...{ number: 1, version: 1, supersedes: null, supersededBy: null, volume: 48 },
    ...{ start: '2026-03-01T00:00:00Z', end: '2026-03-03T00:00:00Z' },
    sensors: [{ id: String(id), name: 'well', volume: 48 }],
  });
  await send(admin, issue('supersedes: 1, reason: "again"'));
  const LIST = `{ measurementStatements(first: 1) {
    totalCount nodes { number version } pageInfo { hasNextPage } }
    measurementStatement(number: 1) { supersededBy } statementKey { publicKey fingerprint } }`;
  const listed = (await send(reader, LIST)).data;
  expect(listed).toMatchObject({
    measurementStatements: {
      ...{ totalCount: 2, nodes: [{ number: 2, version: 2 }], pageInfo: { hasNextPage: true } },
    },
    measurementStatement: { supersededBy: 2 },
  });
  expect((await send(world.theirs.admin, LIST)).data).toMatchObject({
    measurementStatements: { totalCount: 0, nodes: [] },
    measurementStatement: null,
  });
  const codes = await Promise.all([
    send(reader, issue()),
    send(world.theirs.admin, issue()),
    send(admin, issue('supersedes: 1, reason: "again"')),
    send(admin, issue('calendar: "none"')),
  ]);
  expect(
    codes.map(({ errors: [error] }) => [error.extensions.code, error.extensions.field]),
  ).toEqual([
    ['FORBIDDEN', undefined],
    ['BAD_USER_INPUT', 'sensorIds'],
    ['CONFLICT', undefined],
    ['BAD_USER_INPUT', 'calendar'],
  ]);
  const get = (path: string, key?: string) =>
    call(world.server.url, `/app/${path}`, { headers: key ? token(key) : {} });
  const file = await get('statements/1.json', reader);
  expect(file.body).toMatchObject({
    format: 'flowgate-measurement-statement',
    statement: { number: 1 },
  });
  expect((await get('statements/1.json', world.theirs.admin)).status).toBe(404);
  expect((await get('statements/1.json')).status).not.toBe(200);
  const pdf = await fetch(`${world.server.url}/app/statements/1.pdf`, { headers: token(reader) });
  expect(pdf.headers.get('content-type')).toBe('application/pdf');
  expect(Buffer.from(await pdf.arrayBuffer()).toString('latin1')).toMatch(/^%PDF-.*%%EOF\s*$/s);
  const key = await fetch(`${world.server.url}/app/statement-key.pem`);
  expect(await key.text()).toBe(listed.statementKey.publicKey);
});
