import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { OPENAPI } from '../../src/rest/openapi/document.js';
import { ROUTES } from '../../src/rest/routes.js';
import { call, createServerWorld, token, type World } from '../helpers/server.js';

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(OPENAPI, 'api');
const schemas = OPENAPI.components.schemas;

function expectValid(schema: string, value: unknown): void {
  const validate = ajv.getSchema(`api#/components/schemas/${schema}`);
  if (!validate) throw new Error(`There is no schema ${schema}.`);
  void validate(value);
  expect([schema, validate.errors ?? []]).toEqual([schema, []]);
}

describe('openapi.json', () => {
  test('openapi.json is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate('schema/openapi.json');
    expect(result).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('schema/openapi.json is a copy of what the server serves', async () => {
    const text = await readFile('schema/openapi.json', 'utf8');
    expect(JSON.parse(text)).toEqual(OPENAPI);
  });

  test('openapi.json describes every path and method of the server, and no other', () => {
    const described = Object.entries(OPENAPI.paths)
      .map(([path, item]) => [path, 'get' in item, 'post' in item])
      .filter(([path]) => path !== '/openapi.json');
    const served = ROUTES.map(({ path, get, post }) => [
      `/${path.replace(/:(\w+)/g, '{$1}')}`,
      Boolean(get),
      Boolean(post),
    ]);
    expect(described).toEqual(served);
  });

  test('the examples of openapi.json are valid by their schemas', () => {
    for (const [name, schema] of Object.entries(schemas)) {
      for (const example of 'examples' in schema ? schema.examples : []) expectValid(name, example);
    }
    for (const { content } of Object.values(OPENAPI.components.responses)) {
      const { schema, examples } = content['application/json'];
      const [name] = '$ref' in schema ? [schema.$ref.split('/').at(-1)!] : [];
      if (!name) continue;
      for (const { value } of Object.values(examples) as { value: unknown }[]) {
        expectValid(name, value);
      }
    }
  });
});

describe('Responses', () => {
  let world: World;
  let sensor: number;
  beforeAll(async () => {
    world = await createServerWorld();
    const { sensors } = world.server.services;
    sensor = (await sensors.create(world.ours.principal, { name: 'Sensor' })).id;
    await sensors.create(world.ours.principal, { name: 'Without pings', activatedAt: new Date() });
  });
  afterAll(() => world.close());

  const ask = (path: string, body?: unknown) =>
    call(world.server.url, `/api/v1/${path}`, {
      headers: { 'Content-Type': 'application/json', ...token(world.ours.admin) },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });

  test('the responses of every path, and errors, are valid by openapi.json', async () => {
    const pings = `flow_sensors/${sensor}/pings/`;
    const [value] = schemas.NewPingOfSensor.examples;
    const expected: [string, string, unknown?][] = [
      ['Recorded', pings, value],
      ['Recorded', pings, [value]],
      ['Conflict', pings, { ...value, flowrate: 0 }],
      ['FieldErrors', pings, { flowrate: 'x' }],
      ['FieldErrors', 'pings/', [{}, 'x']],
      ['FlowSensorList', 'flow_sensors/'],
      ['FlowSensor', `flow_sensors/${sensor}/`],
      ['PingList', pings],
      ['FlowVolume', `flow_sensors/${sensor}/flow_volume/2019-02-05/2019-02-06T00:00:00.5Z/`],
      ['FlowVolumeHourList', `flow_sensors/${sensor}/flow_volume_hours/2018-02-05/2019-02-06/`],
      ['FieldErrors', `${pings}?start=x`],
      ['Detail', 'nowhere/'],
      ['Detail', 'pings/'],
    ];
    for (const [schema, path, body] of expected) expectValid(schema, (await ask(path, body)).body);
  });
});
