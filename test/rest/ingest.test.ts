import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  call,
  createServerWorld,
  JSON_BODY,
  sendGraphQL,
  token,
  type World,
} from '../helpers/server.js';

let world: World;
beforeAll(async () => {
  world = await createServerWorld();
});
afterAll(() => world.close());

const EUI = '70b3d57ed0001234';

const post = (path: string, body: unknown, key = world.ours.ingester) =>
  call(world.server.url, path, {
    method: 'POST',
    headers: { ...token(key), ...JSON_BODY },
    body: JSON.stringify(body),
  });

/** As The Things Stack writes an uplink; fields that are 0 are left out. */
const ttn = (decoded: object | undefined, uplink: object = {}, ids: object = {}) => ({
  end_device_ids: {
    device_id: 'meter-1',
    application_ids: { application_id: 'pipeline' },
    dev_eui: EUI.toUpperCase(),
    join_eui: '0000000000000000',
    ...ids,
  },
  correlation_ids: ['gs:uplink:01H5T2'],
  received_at: '2026-11-01T10:00:00.912345678Z',
  uplink_message: {
    session_key_id: 'AYmQ2g==',
    f_port: 2,
    f_cnt: 7,
    frm_payload: 'AAA=',
    ...(decoded && { decoded_payload: decoded }),
    rx_metadata: [{ gateway_ids: { gateway_id: 'roof' }, rssi: -60 }],
    settings: { data_rate: { lora: { spreading_factor: 7 } } },
    received_at: '2026-11-01T10:00:00.701234567Z',
    ...uplink,
  },
});

/** As ChirpStack writes an `up` event. */
const chirpstack = (object: object | undefined, more: object = {}) => ({
  deduplicationId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d',
  time: '2026-11-01T11:00:00.5+00:00',
  deviceInfo: { tenantId: 't', applicationName: 'pipeline', deviceName: 'm', devEui: EUI },
  devAddr: '00189440',
  dr: 1,
  fPort: 1,
  data: 'AQ==',
  ...(object && { object }),
  rxInfo: [{ gatewayId: '0016c001f153a14c', rssi: -48 }],
  ...more,
});

async function newSensor(name: string, fields: readonly object[]): Promise<number> {
  const { sensors, devices } = world.server.services;
  const { id } = await sensors.create(world.ours.principal, { name });
  for (const field of fields) {
    await devices.set(world.ours.principal, {
      ...{ network: 'TTN', device: EUI, field: 'flowrate', sensorId: id },
      ...field,
    });
  }
  return id;
}

async function pingsOf(id: number): Promise<[string, number][]> {
  const { body } = await call(world.server.url, `/api/v1/flow_sensors/${id}/pings/`, {
    headers: token(world.ours.reader),
  });
  return body.results.map(({ datetime, flowrate }: any) => [datetime, flowrate]);
}

test('an uplink of The Things Stack is a ping of the sensor that is set for its device, in the unit that is set', async () => {
  const id = await newSensor('ttn', [{ field: 'meter.flow', unit: 'm3/h', port: 2 }]);
  expect(await post('/ingest/ttn', ttn({ meter: { flow: 2.5 } }))).toMatchObject({
    status: 201,
    body: { recorded: 1, duplicates: 0 },
  });
  // When the network server received it, not the application server after it.
  const first: [string, number] = [
    '2026-11-01T10:00:00.701Z',
    expect.closeTo(377.3886, 3) as never,
  ];
  expect(await pingsOf(id)).toEqual([first]);

  // The Things Stack sends again what was not answered in time, here with another time of arrival.
  const again = ttn({ meter: { flow: 2.5 } }, { received_at: '2026-11-01T10:00:03Z' });
  expect((await post('/ingest/ttn/', again)).body).toEqual({ recorded: 0, duplicates: 1 });
  const other = {
    ...again,
    uplink_message: { ...again.uplink_message, decoded_payload: { meter: { flow: 3 } } },
  };
  expect((await post('/ingest/ttn', other)).status).toBe(409);

  // The first message of a session: its counter and its flowrate are 0, and left out.
  const zero = ttn(
    { battery: 3.1 },
    { f_cnt: undefined, session_key_id: 'BB==', received_at: '2026-11-01T10:15:00Z' },
  );
  expect((await post('/ingest/ttn', zero)).body).toEqual({ recorded: 1, duplicates: 0 });
  // Another port has other fields, and without f_port it is 0.
  for (const f_port of [85, undefined]) {
    const elsewhere = ttn({ battery: 3.1 }, { f_port, f_cnt: 8 });
    expect(await post('/ingest/ttn', elsewhere)).toMatchObject({
      status: 200,
      body: { recorded: 0, duplicates: 0 },
    });
  }
  const join = {
    end_device_ids: ttn({}).end_device_ids,
    received_at: '2026-11-01T10:00:00Z',
    join_accept: {},
  };
  expect((await post('/ingest/ttn', join)).status).toBe(200);
  // What the console of The Things Stack simulates has not been measured.
  const simulated = { ...ttn({ meter: { flow: 9 } }, { f_cnt: 9 }), simulated: true };
  expect(await post('/ingest/ttn', simulated)).toMatchObject({
    status: 200,
    body: { recorded: 0, duplicates: 0 },
  });
  expect(await pingsOf(id)).toEqual([['2026-11-01T10:15:00Z', 0], first]);
});

test('an up event of ChirpStack is one ping however often it comes; other events have none', async () => {
  const { sensors } = world.server.services;
  const { id } = await sensors.create(world.ours.principal, { name: 'chirpstack' });
  const SET = `mutation ($input: DeviceFieldInput!) { setDeviceField(input: $input) {
    network device field sensorId unit port timeField absentIsZero } }`;
  const input = {
    network: 'CHIRPSTACK',
    device: EUI,
    sensorId: String(id),
    unit: 'BBL_PER_HOUR',
    timeField: 'at',
  };
  const expected = {
    ...input,
    device: EUI.toUpperCase(),
    field: 'flowrate',
    unit: 'bbl/h',
    port: null,
  };
  const set = { ...expected, absentIsZero: false };
  expect(
    (await sendGraphQL(world, world.ours.admin, SET, { input: { ...input, absentIsZero: false } }))
      .data,
  ).toEqual({ setDeviceField: set });
  const listed = await sendGraphQL(
    world,
    world.ours.reader,
    '{ deviceFields { network device field sensorId unit port timeField absentIsZero } }',
  );
  expect(listed.data.deviceFields).toContainEqual(set);
  expect(
    (await sendGraphQL(world, world.ours.ingester, SET, { input })).errors[0].extensions.code,
  ).toBe('FORBIDDEN');
  expect((await sendGraphQL(world, world.theirs.admin, SET, { input })).errors[0]).toMatchObject({
    message: `The account has no flow sensor with the id ${id}.`,
    extensions: { code: 'BAD_USER_INPUT', field: 'sensorId' },
  });

  const up = '/ingest/chirpstack?event=up';
  expect((await post(up, chirpstack({ flowrate: '10', at: 1_793_530_800 }))).body).toEqual({
    recorded: 1,
    duplicates: 0,
  });
  expect((await post(up, chirpstack({ battery: 3 }))).body).toEqual({ recorded: 0, duplicates: 0 });
  const status = await post('/ingest/chirpstack?event=status', { batteryLevel: 90 });
  expect(status).toMatchObject({ status: 200, body: { recorded: 0, duplicates: 0 } });
  expect(await pingsOf(id)).toEqual([['2026-11-01T11:00:00Z', 240]]);

  const without = { ...input, timeField: null, unit: null };
  await sendGraphQL(world, world.ours.admin, SET, { input: without });
  const event = (time: string, more = {}) => chirpstack({ flowrate: 5 }, { time, ...more });
  const answers = await Promise.all([
    post(up, event('2026-11-01T12:00:00.1Z')),
    post(up, event('2026-11-01T12:00:00.2Z')),
  ]);
  expect(answers.map(({ body }) => body.recorded + body.duplicates)).toEqual([1, 1]);
  expect(answers.reduce((sum, { body }) => sum + body.recorded, 0)).toBe(1);
  await post(up, event('2026-11-01T12:05:00Z', { deduplicationId: 'another', fPort: undefined }));
  expect(await pingsOf(id)).toHaveLength(3);
  const REMOVE = 'mutation ($key: DeviceFieldKey!) { removeDeviceField(input: $key) }';
  const key = { network: 'CHIRPSTACK', device: EUI };
  expect((await sendGraphQL(world, world.ours.admin, REMOVE, { key })).data).toEqual({
    removeDeviceField: true,
  });
  expect(
    (await sendGraphQL(world, world.ours.admin, REMOVE, { key })).errors[0].extensions.code,
  ).toBe('NOT_FOUND');
});

test.each([
  [
    'a device without a sensor',
    '/ingest/chirpstack',
    () => chirpstack({ flowrate: 1 }, { deviceInfo: { devEui: '00' } }),
    400,
    /"deviceInfo.devEui":\["No sensor is set for the device 00\. /,
  ],
  [
    'a payload that is not decoded',
    '/ingest/ttn',
    () => ttn(undefined),
    400,
    /"uplink_message.decoded_payload":\["Is missing\. /,
  ],
  [
    'a flowrate that is not a number',
    '/ingest/ttn',
    () => ttn({ flowrate: 'NaN' }),
    400,
    /"uplink_message.decoded_payload.flowrate":\["Must be a number; got \\"NaN\\"\."\]/,
  ],
  [
    'a flowrate that is null',
    '/ingest/ttn',
    () => ttn({ flowrate: null }),
    400,
    /Must be a number; got null/,
  ],
  ['a flowrate out of bounds', '/ingest/ttn', () => ttn({ flowrate: 1e300 }), 400, /1e15/],
  [
    'a time that is none',
    '/ingest/ttn',
    () => ({ ...ttn({}), received_at: 'noon' }),
    400,
    /"received_at":\["Must be a datetime in ISO 8601; got \\"noon\\"\."\]/,
  ],
  ['a body of another shape', '/ingest/ttn', () => [], 400, /non_field_errors/],
  [
    'an unknown event',
    '/ingest/chirpstack?event=upp',
    () => chirpstack({}),
    400,
    /"event":\["Must be one of up, /,
  ],
  ['an unknown network', '/ingest/helium', () => ({}), 404, /Not found/],
])('%s is refused by name', async (_, path, body, status, text) => {
  await newSensor('errors', [{ field: 'flowrate' }]);
  const answer = await post(path, body());
  expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(text)]);
});

test('the conventions of REST apply: authentication, scope, method, media type; refusals are logged once', async () => {
  const { url } = world.server;
  const anonymous = await call(url, '/ingest/ttn', {
    method: 'POST',
    headers: JSON_BODY,
    body: '{}',
  });
  expect(anonymous).toMatchObject({
    status: 401,
    body: { detail: 'Authentication credentials were not provided.' },
  });
  expect(anonymous.headers['www-authenticate']).toMatch(/^Token/);
  expect((await post('/ingest/ttn', ttn({}), world.ours.reader)).status).toBe(403);
  // What another account has set is not known here.
  expect((await post('/ingest/ttn', ttn({ flowrate: 1 }), world.theirs.ingester)).text).toMatch(
    /No sensor is set/,
  );
  expect(await call(url, '/ingest/ttn', { headers: token(world.ours.ingester) })).toMatchObject({
    status: 405,
    body: { detail: 'Method "GET" not allowed.' },
  });
  const headers = { ...token(world.ours.ingester), 'Content-Type': 'application/octet-stream' };
  expect(
    (await call(url, '/ingest/chirpstack', { method: 'POST', headers, body: 'x' })).status,
  ).toBe(415);
  const refused = world.server.log.filter(
    (line) => line.includes('a message was refused') && line.includes('account ours'),
  );
  expect(refused).toHaveLength(2);
  expect(refused.join()).not.toContain(world.ours.ingester);
});
