import { FLOWRATE_UNITS } from '../../domain/shared/units.js';
import { PATHS } from './paths.js';
import { RESPONSES } from './responses.js';
import { SCHEMAS } from './schemas.js';

const instantInPath = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
  example: '2019-02-27T10:00:00Z',
});

const instantInQuery = (name: string, description: string) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string' },
  example: '2019-02-05T19:44:09Z',
});

const PARAMETERS = {
  id: {
    name: 'id',
    in: 'path',
    required: true,
    description: 'The id of the flow sensor.',
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  start: instantInPath('start', 'The start of the range, inclusive, in ISO 8601.'),
  end: instantInPath(
    'end',
    'The end of the range, exclusive, in ISO 8601. It must not be before the start.',
  ),
  from: instantInQuery('start', 'Returns only pings at or after this instant, in ISO 8601.'),
  to: instantInQuery('end', 'Returns only pings at or before this instant, in ISO 8601.'),
  page: {
    name: 'page',
    in: 'query',
    description: 'The number of a page of 1000, from 1, or `last`.',
    schema: { anyOf: [{ type: 'integer', minimum: 1 }, { const: 'last' }], default: 1 },
  },
  method: {
    name: 'method',
    in: 'query',
    description:
      'How the flowrate runs between two pings: `LINEAR` interpolates it, `STEP` holds it until the next ping. The default is the method of the flow sensor, which is `LINEAR` unless set.',
    schema: { enum: ['LINEAR', 'STEP'] },
  },
  as_of: instantInQuery(
    'as_of',
    'Computes the volume from the pings as they were stored at this instant: those recorded by then, without later corrections and deletions. It must not be in the future, nor before the server began to keep when pings are recorded.',
  ),
  on_conflict: {
    name: 'on_conflict',
    in: 'query',
    description:
      'What to do where a ping is already stored with another flowrate: `reject` refuses the whole request with 409; `overwrite` corrects the ping and needs the scope `admin`.',
    schema: { enum: ['reject', 'overwrite'], default: 'reject' },
  },
  reason_code: {
    name: 'reason_code',
    in: 'query',
    description:
      'Why stored readings change, as one of the account’s reason codes (`reasonCodes` in GraphQL), which the history keeps with corrections and late readings. Late readings have `LATE_DATA` unless another code is given.',
    schema: { type: 'string' },
    example: 'METER_ERROR',
  },
  comment: {
    name: 'comment',
    in: 'query',
    description: 'The same in words, which the history keeps.',
    schema: { type: 'string', maxLength: 1000 },
  },
  unit: {
    name: 'unit',
    in: 'query',
    description:
      'The unit of the flowrates. The default is the unit of entry of each flow sensor, which is `bbl/d` unless set. Flowrates are stored in barrels per day.',
    schema: { enum: FLOWRATE_UNITS },
    example: 'm3/h',
  },
};

/** The description that the API serves of itself; schema/openapi.json is a copy of it. */
export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Flowgate REST API',
    version: '1',
    description:
      'Flow sensors, their pings (timestamped flow readings) and flow volumes. Datetimes are in UTC, flowrates in barrels per day, volumes in barrels.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/api/v1' }],
  security: [{ token: [] }, { basic: [] }],
  tags: [
    { name: 'Reading', description: 'Needs the scope `read`.' },
    { name: 'Recording', description: 'Needs the scope `ingest`.' },
    { name: 'Description', description: 'Needs no credential.' },
  ],
  paths: PATHS,
  components: {
    securitySchemes: {
      token: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        description: 'The header `Authorization: Token KEY`.',
      },
      basic: {
        type: 'http',
        scheme: 'basic',
        description: 'The username and password of a user, in UTF-8.',
      },
    },
    parameters: PARAMETERS,
    responses: RESPONSES,
    schemas: SCHEMAS,
  },
} as const;
