import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isCompositeType,
  isEnumType,
} from 'graphql';
import { createSchema } from '../../../src/graphql/schema.js';
import {
  MAX_DOCUMENT_BYTES,
  MAX_STRING_LENGTH,
  MAX_VALUES,
} from '../../../src/graphql/execution/request-bounds.js';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
let sensorId: number;
beforeAll(async () => {
  world = await createWorld({ maxPings: 5000 });
  const { sensors } = world.instance.services;
  sensorId = (await sensors.create(world.ours.principal, { name: 'one' })).id;
});
afterAll(() => world.close());

const send = (query: string, variables?: object) =>
  world.instance.query(world.ours.admin, query, variables);

/** One argument of the schema: an operation that passes it as `$v`, and what makes it too large. */
interface Place {
  readonly name: string;
  readonly query: string;
  readonly value: unknown;
}

/** Samples of every type that a required argument has. */
const SAMPLES: Record<string, unknown> = {
  ID: '1',
  String: 'x',
  Int: 1,
  Float: 1,
  Boolean: true,
  DateTime: '2026-01-01T00:00:00Z',
  SafeInt: 1,
};

function sampleOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType);
  if (isListType(type)) return [sampleOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (!isInputObjectType(type)) return SAMPLES[type.name];
  return Object.fromEntries(
    Object.values(type.getFields())
      .filter(isRequiredInputField)
      .map((field) => [field.name, sampleOf(field.type)]),
  );
}

/** Values that fit a type but for one string or list within them, which is far too long. */
function oversized(type: GraphQLInputType, name: string): [name: string, value: unknown][] {
  if (isNonNullType(type)) return oversized(type.ofType, name);
  if (isListType(type)) {
    const isPing = getNamedType(type).name === 'PingInput';
    const length = isPing ? 5000 * 4 : MAX_VALUES + 1;
    return [
      [`${name} as a long list`, Array<unknown>(length).fill(sampleOf(type.ofType))],
      ...oversized(type.ofType, `${name}[]`).map(([each, value]): [string, unknown] => [
        each,
        [value],
      ]),
    ];
  }
  if (isInputObjectType(type)) {
    const base = sampleOf(type) as object;
    return Object.values(type.getFields()).flatMap((field: GraphQLInputField) =>
      oversized(field.type, `${name}.${field.name}`).map(([each, value]): [string, unknown] => [
        each,
        { ...base, [field.name]: value },
      ]),
    );
  }
  const isText = type.name === 'String' || type.name === 'ID';
  return isText ? [[`${name} as a long text`, 'x'.repeat(MAX_STRING_LENGTH + 1)]] : [];
}

/** How a field of each object type is reached from the root. */
const WRAPPERS: Record<string, (field: string) => string> = {
  Query: (field) => field,
  Mutation: (field) => field,
  Subscription: (field) => field,
  FlowSensor: (field) => `flowSensor(id: 1) { ${field} }`,
  SensorHistory: (field) => `flowSensor(id: 1) { history { ${field} } }`,
  FlowSensorConnection: (field) => `flowSensors { ${field} }`,
  SensorGroup: (field) => `sensorGroup(id: 1) { ${field} }`,
  Period: (field) => `period(id: 1) { ${field} }`,
  WebhookEndpoint: (field) => `webhookEndpoint(id: 1) { ${field} }`,
};

function placesOf(schema: GraphQLSchema): Place[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || isIntrospectionType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      field.args.flatMap((argument) =>
        oversized(argument.type, `${type.name}.${field.name}(${argument.name})`).map(
          ([name, value]) => {
            const others = field.args.filter(
              (other) => other !== argument && isRequiredArgument(other),
            );
            const args = [`${argument.name}: $v`, ...others.map(literalArgument)].join(', ');
            const selection = isCompositeType(getNamedType(field.type)) ? '{ __typename }' : '';
            const wrap = WRAPPERS[type.name];
            if (!wrap) throw new Error(`Say how ${type.name} is reached.`);
            const keyword = ['Mutation', 'Subscription'].includes(type.name)
              ? type.name.toLowerCase()
              : 'query';
            const body = wrap(`${field.name}(${args}) ${selection}`);
            const query = `${keyword} ($v: ${String(argument.type)}) { ${body} }`;
            return { name, query, value };
          },
        ),
      ),
    );
  });
}

function literalArgument({ name, type }: GraphQLArgument): string {
  const sample = sampleOf(type);
  return `${name}: ${isEnumType(getNamedType(type)) ? (sample as string) : literal(sample)}`;
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, each]) => `${key}: ${literal(each)}`);
  return `{ ${fields.join(', ')} }`;
}

describe('The content of a request is bounded', () => {
  test('every text and list that an argument takes is refused with its field where it is far too long', async () => {
    const places = placesOf(await createSchema()).filter(
      // Over plain HTTP a subscription is refused before its variables are read.
      ({ query }) => !query.startsWith('subscription'),
    );
    expect(places.length).toBeGreaterThan(40);
    for (const { name, query, value } of places) {
      const { data, errors } = await send(query, { v: value });
      const answer = { name, data: data ?? null, errors };
      expect(answer).toMatchObject({
        name,
        data: null,
        errors: [{ extensions: { code: 'BAD_USER_INPUT', field: expect.any(String) } }],
      });
      expect(JSON.stringify(errors).length).toBeLessThan(1000);
    }
  });

  test('a search longer than a name can be is refused, however it is sent', async () => {
    const query =
      'query ($search: String) { flowSensors(filter: { search: $search }) { totalCount } }';
    const longest = await send(query, { search: '🛢'.repeat(255) });
    expect(longest.errors).toEqual([]);
    for (const search of ['x'.repeat(256), '🛢'.repeat(256)]) {
      const { errors } = await send(query, { search });
      expect(errors).toMatchObject([
        {
          message: 'Must be at most 255 characters long, not 256.',
          extensions: { code: 'BAD_USER_INPUT', field: 'filter.search' },
        },
      ]);
    }
    const literal = await send(
      `{ flowSensors(filter: { search: "${'x'.repeat(90_000)}" }) { totalCount } }`,
    );
    expect(literal.errors[0]!.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'filter.search',
    });
  });

  test('a hundred thousand ids are refused by their number', async () => {
    const { errors } = await send(
      'query ($ids: [ID!]) { flowSensors(filter: { ids: $ids }) { totalCount } }',
      { ids: Array.from({ length: 100_000 }, () => 1) },
    );
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining(`at most ${MAX_VALUES} list elements`),
        extensions: { code: 'BAD_USER_INPUT', field: 'filter.ids' },
      },
    ]);
  });

  test('the variables of recordPings may have the largest number of pings that the server accepts', async () => {
    const pings = Array.from({ length: 5000 }, (_, index) => ({
      sensorId,
      flowrate: index,
      datetime: new Date(Date.UTC(2026, 0, 1) + index * 1000),
    }));
    const { data } = await send(
      'mutation ($pings: [PingInput!]!) { recordPings(input: { pings: $pings }) { recorded } }',
      { pings },
    );
    expect(data.recordPings.recorded).toBe(5000);
  });

  test('variables that are nested very deep are refused', async () => {
    const query = 'query ($ids: [ID!]) { flowSensors(filter: { ids: $ids }) { totalCount } }';
    const ids = `${'['.repeat(5000)}1${']'.repeat(5000)}`;
    const response = await world.instance.post(
      `{"query":${JSON.stringify(query)},"variables":{"ids":${ids}}}`,
      { Authorization: `Token ${world.ours.reader}` },
    );
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  test('a document of more than 100 kB is QUERY_TOO_COMPLEX, over HTTP and as an event stream', async () => {
    const comment = '# '.padEnd(MAX_DOCUMENT_BYTES - '\n{ viewer { account } }'.length, 'x');
    const document = `${comment}\n{ viewer { account } }`;
    expect((await send(document)).errors).toEqual([]);
    for (const accept of [
      'application/json',
      'application/graphql-response+json',
      'text/event-stream',
    ]) {
      const response = await world.instance.post(JSON.stringify({ query: `#${document}` }), {
        Authorization: `Token ${world.ours.reader}`,
        Accept: accept,
      });
      expect(response.status).toBe(accept === 'application/json' ? 200 : 400);
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }],
      });
    }
  });

  test('a literal that is nested very deep is QUERY_TOO_COMPLEX, without a word about the call stack', async () => {
    const { errors } = await send(`{ flowSensor(id: ${'['.repeat(4000)}`);
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'The document is nested too deeply.',
        extensions: { code: 'QUERY_TOO_COMPLEX' },
      }),
    ]);
  });
});

describe('Errors about values are complete and short', () => {
  test('of more than 50 wrong values each reported one is BAD_USER_INPUT, and nothing is logged', async () => {
    const pings = Array.from({ length: 60 }, () => ({ flowrate: 'x' }));
    const { errors } = await send(
      'mutation ($pings: [PingInput!]!) { recordPings(input: { pings: $pings }) { recorded } }',
      { pings },
    );
    expect(errors).toHaveLength(51);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['BAD_USER_INPUT']),
    );
    expect(world.instance.failures).toEqual([]);
  });

  test('a long wrong value is shortened where a message repeats it', async () => {
    const number = '9'.repeat(50_000);
    for (const query of [
      `{ flowSensors(first: ${number}) { totalCount } }`,
      `{ flowSensors(after: "${number}") { totalCount } }`,
      `{ flowSensor(id: 1) { flowVolume(start: "${number}", end: "2026-01-01") { volume } } }`,
    ]) {
      const { errors } = await send(query);
      expect(errors[0]!.extensions.code).toBe('BAD_USER_INPUT');
      expect(errors[0]!.message.length).toBeLessThanOrEqual(500);
    }
  });

  test('a variable that is not an object where an input object is expected is reported with its field', async () => {
    const { errors } = await send(
      'mutation ($i: CreateFlowSensorInput!) { createFlowSensor(input: $i) { id } }',
      { i: 5 },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input' } }]);
  });
});
