import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, createServerWorld, JSON_BODY, token, type World } from '../helpers/server.js';

let world: World;
let id: number;
beforeAll(async () => {
  world = await createServerWorld();
  const { sensors, devices } = world.server.services;
  ({ id } = await sensors.create(world.ours.principal, { name: 'v3' }));
  const field = { network: 'CHIRPSTACK', device: EUI, field: 'flow', sensorId: id } as const;
  await devices.set(world.ours.principal, { ...field, unit: 'bbl/h', port: 5 });
});
afterAll(() => world.close());

const EUI = '0202020202020202';

const post = (body: unknown, event = 'up') =>
  call(world.server.url, `/ingest/chirpstack?event=${event}`, {
    method: 'POST',
    headers: { ...token(world.ours.ingester), ...JSON_BODY },
    body: JSON.stringify(body),
  });

async function pings(): Promise<[string, number][]> {
  const { body } = await call(world.server.url, `/api/v1/flow_sensors/${id}/pings/`, {
    headers: token(world.ours.reader),
  });
  return body.results.map(({ datetime, flowrate }: any) => [datetime, flowrate]).reverse();
}

const RX = { gatewayID: 'AwMDAwMDAwM=', rssi: -48, loRaSNR: 9 };

/** As the marshaler `protobuf-json` of ChirpStack v3 writes it. */
const up = (more: object) => ({
  applicationID: '123',
  applicationName: 'pipeline',
  deviceName: 'meter-1',
  devEUI: 'AgICAgICAgI=',
  rxInfo: [
    { ...RX, time: null },
    { ...RX, time: '2026-11-01T09:59:59.5Z' },
  ],
  txInfo: { frequency: 868_100_000, dr: 5 },
  adr: true,
  dr: 1,
  fCnt: 10,
  fPort: 5,
  data: 'AQ==',
  objectJSON: '{"flow":2.5}',
  tags: {},
  publishedAt: '2026-11-01T10:00:00.123456789Z',
  ...more,
});

test('up events of ChirpStack v3 are recorded, with the device in base64 or hexadecimal and the fields as text or as an object', async () => {
  expect(await post(up({}))).toMatchObject({ status: 201, body: { recorded: 1, duplicates: 0 } });
  expect((await post(up({}))).body).toEqual({ recorded: 0, duplicates: 1 });
  // As its marshaler `json_v3` writes it.
  const legacy = {
    devEUI: EUI,
    publishedAt: undefined,
    objectJSON: undefined,
    object: { flow: 3 },
  };
  expect((await post(up(legacy))).status).toBe(201);
  const zero = { objectJSON: '{}', fCnt: undefined, publishedAt: '2026-11-01T10:05:00Z' };
  expect((await post(up(zero))).status).toBe(201);
  expect(await pings()).toEqual([
    ['2026-11-01T09:59:59.500Z', 72],
    ['2026-11-01T10:00:00.123Z', 60],
    ['2026-11-01T10:05:00Z', 0],
  ]);
});

test('events of ChirpStack v3 that have no reading are accepted, and what cannot be read is refused with its field', async () => {
  for (const event of ['join', 'status', 'error', 'txack']) {
    expect((await post({ devEUI: 'AgICAgICAgI=' }, event)).status).toBe(200);
  }
  expect((await post(up({ fPort: undefined }))).status).toBe(200);
  const refused: [object, object][] = [
    [{ devEUI: 'AgI=' }, { devEUI: ['Must be a DevEUI; got "AgI=".'] }],
    [
      { publishedAt: undefined, rxInfo: [{ ...RX, time: null }] },
      { publishedAt: ['Is missing, and so is the time of a gateway.'] },
    ],
    [{ objectJSON: 'flow' }, { objectJSON: ['Must be a JSON object.'] }],
    [
      { objectJSON: '' },
      { objectJSON: ['Is missing. The network must decode the payload of the device.'] },
    ],
    [{ objectJSON: '{"flow":"NaN"}' }, { 'objectJSON.flow': ['Must be a number; got "NaN".'] }],
  ];
  for (const [more, body] of refused) {
    const reply = await post(up(more));
    expect([reply.status, reply.body]).toEqual([400, body]);
  }
});
