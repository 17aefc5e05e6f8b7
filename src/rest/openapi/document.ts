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
    description: 'Of the flow sensor.',
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  start: instantInPath('start', 'Start of the range, inclusive, in ISO 8601.'),
  end: instantInPath('end', 'End of the range, exclusive, in ISO 8601; not before its start.'),
  from: instantInQuery('start', 'Only pings from this instant on, inclusive, in ISO 8601.'),
  to: instantInQuery('end', 'Only pings up to this instant, inclusive, in ISO 8601.'),
  page: {
    name: 'page',
    in: 'query',
    description: 'Which page of 1000, from 1, or `last`.',
    schema: { anyOf: [{ type: 'integer', minimum: 1 }, { const: 'last' }], default: 1 },
  },
  on_conflict: {
    name: 'on_conflict',
    in: 'query',
    description:
      'Whether a ping held with another flowrate refuses the request or is corrected, which takes the scope admin.',
    schema: { enum: ['reject', 'overwrite'], default: 'reject' },
  },
};

/** The description of the documented API that it serves itself; schema/openapi.json is its copy. */
export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Flowgate REST API',
    version: '1',
    description:
      'Flow sensors, their pings and flow volumes. Datetimes are in UTC, flowrates in barrels per day, volumes in barrels.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/api/v1' }],
  security: [{ token: [] }, { basic: [] }],
  tags: [
    { name: 'Reading', description: 'Takes the scope read.' },
    { name: 'Recording', description: 'Takes the scope ingest.' },
    { name: 'Description' },
  ],
  paths: PATHS,
  components: {
    securitySchemes: {
      token: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        description: '`Token KEY`',
      },
      basic: { type: 'http', scheme: 'basic' },
    },
    parameters: PARAMETERS,
    responses: RESPONSES,
    schemas: SCHEMAS,
  },
} as const;
