import { JSON_TYPE, NDJSON_TYPE } from '../media-type.js';
import { IMPORT_OPERATION, IMPORT_PARAMETERS } from './imports.js';
import type { ResponseName } from './responses.js';
import { NEW_PING } from './schemas.js';

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });
const parameters = (...names: string[]) => names.map((name) => ref('parameters', name));

const ERRORS = {
  401: 'Unauthenticated',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  429: 'Throttled',
  500: 'ServerError',
  503: 'Unavailable',
} as const;

const failures = (own: Record<number, ResponseName> = {}) =>
  Object.fromEntries(
    Object.entries({ ...own, ...ERRORS }).map(([status, name]) => [status, ref('responses', name)]),
  );

const ok = (description: string, schema: string) => ({
  description,
  content: { [JSON_TYPE]: { schema: ref('schemas', schema) } },
});

const get = (
  operationId: string,
  summary: string,
  schema: string,
  { names = [], own }: { names?: string[]; own?: Record<number, ResponseName> } = {},
) => ({
  operationId,
  tags: ['Reading'],
  summary,
  ...(names.length > 0 && { parameters: parameters(...names) }),
  responses: { 200: ok(summary, schema), ...failures(own) },
});

const record = (operationId: string, summary: string, content: object) => ({
  operationId,
  tags: ['Recording'],
  summary,
  description:
    'The response is sent when the pings are durable: either all of them are recorded, or none is. A ping that is already stored with the same flowrate counts as a duplicate. The body may be compressed (`Content-Encoding: gzip`).',
  parameters: parameters('on_conflict', 'reason_code', 'comment', 'unit'),
  requestBody: { required: true, content },
  responses: {
    201: ok('The pings are recorded and durable.', 'Recorded'),
    ...failures({
      400: 'BadPings',
      409: 'Conflict',
      413: 'PayloadTooLarge',
      415: 'UnsupportedMediaType',
    }),
  },
});

const BAD = { 400: 'BadParameters' } as const;
const example = { sensor_id: 1, ...NEW_PING };

export const PATHS = {
  '/flow_sensors/': {
    get: get('listFlowSensors', 'List the flow sensors in service, by id', 'FlowSensorList', {
      names: ['page'],
    }),
  },
  '/flow_sensors/{id}/': {
    parameters: parameters('id'),
    get: get('getFlowSensor', 'Get a flow sensor', 'FlowSensor'),
  },
  '/flow_sensors/{id}/pings/': {
    parameters: parameters('id'),
    get: get('listPings', 'List the pings of a flow sensor, newest first', 'PingList', {
      names: ['from', 'to', 'page'],
      own: BAD,
    }),
    post: record('recordPingsOfSensor', 'Record pings of a flow sensor', {
      [JSON_TYPE]: {
        schema: {
          anyOf: [
            ref('schemas', 'NewPingOfSensor'),
            {
              type: 'array',
              items: { allOf: [ref('schemas', 'NewPingOfSensor')], required: ['datetime'] },
            },
          ],
        },
        examples: { one: { value: NEW_PING }, several: { value: [NEW_PING] } },
      },
    }),
  },
  '/flow_sensors/{id}/flow_volume/{start}/{end}/': {
    parameters: parameters('id', 'start', 'end'),
    get: get('getFlowVolume', 'Get the volume that flowed in a range', 'FlowVolume', {
      names: ['method', 'as_of'],
      own: BAD,
    }),
  },
  '/flow_sensors/{id}/flow_volume_hours/{start}/{end}/': {
    parameters: parameters('id', 'start', 'end'),
    get: get(
      'listFlowVolumeHours',
      'List the volumes that flowed in each clock hour of a range, newest first',
      'FlowVolumeHourList',
      { names: ['method', 'as_of', 'page'], own: BAD },
    ),
  },
  '/pings/': {
    post: record('recordPings', 'Record pings of any flow sensors', {
      [JSON_TYPE]: {
        schema: { type: 'array', items: ref('schemas', 'NewPing') },
        examples: { several: { value: [example] } },
      },
      [NDJSON_TYPE]: {
        schema: {
          type: 'string',
          description: 'A JSON object for each ping, one on each line. Blank lines are ignored.',
        },
        examples: { lines: { value: `${JSON.stringify(example)}\n` } },
      },
    }),
  },
  '/imports/': {
    post: {
      ...IMPORT_OPERATION,
      parameters: [...IMPORT_PARAMETERS, ...parameters('on_conflict', 'reason_code', 'comment')],
      responses: {
        200: ok('With `dry_run`: what would change.', 'ImportResult'),
        201: ok('The readings are recorded and durable.', 'ImportResult'),
        ...failures({
          400: 'BadFile',
          413: 'PayloadTooLarge',
          415: 'UnsupportedMediaType',
        }),
      },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'getOpenapi',
      tags: ['Description'],
      summary: 'Get this description of the API',
      security: [],
      responses: {
        200: {
          description: 'An OpenAPI 3.1 document.',
          content: { [JSON_TYPE]: { schema: { type: 'object' } } },
        },
        405: ref('responses', 'MethodNotAllowed'),
      },
    },
  },
};
