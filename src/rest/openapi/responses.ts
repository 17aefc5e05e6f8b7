import { WRONG_DATETIME } from '../parameters.js';

const withJson = (description: string, schema: string, examples: Record<string, unknown>) => ({
  description,
  content: {
    'application/json': {
      schema: { $ref: `#/components/schemas/${schema}` },
      examples: Object.fromEntries(
        Object.entries(examples).map(([name, value]) => [name, { value }]),
      ),
    },
  },
});

const withDetail = (description: string, ...details: string[]) =>
  withJson(
    description,
    'Detail',
    Object.fromEntries(details.map((detail, index) => [`example${index + 1}`, { detail }])),
  );

const RETRY_AFTER = {
  headers: {
    'Retry-After': {
      description: 'After how many seconds to try again.',
      required: true,
      schema: { type: 'integer', minimum: 1 },
    },
  },
};

export const RESPONSES = {
  BadParameters: withJson('A parameter is invalid.', 'FieldErrors', {
    datetime: { start: [WRONG_DATETIME] },
    range: { end: ['Must not be before start.'] },
  }),
  BadPings: {
    description: 'A parameter or a ping is invalid, or the body is not JSON. Nothing was recorded.',
    content: {
      'application/json': {
        schema: {
          anyOf: [
            { $ref: '#/components/schemas/FieldErrors' },
            { $ref: '#/components/schemas/Detail' },
          ],
        },
        examples: {
          several: { value: { 3: { flowrate: ['A valid number is required.'] } } },
          single: { value: { flowrate: ['This field is required.'] } },
          syntax: { value: { detail: 'JSON parse error - value expected: line 1 column 14' } },
        },
      },
    },
  },
  BadFile: {
    description: 'A parameter or the file is wrong. Nothing was loaded.',
    content: {
      'application/json': {
        schema: {
          anyOf: [
            { $ref: '#/components/schemas/ImportErrors' },
            { $ref: '#/components/schemas/FieldErrors' },
          ],
        },
        examples: {
          file: {
            value: {
              detail: '1 error; nothing was loaded.',
              count: 1,
              errors: [
                {
                  line: 2,
                  column: 'flowrate',
                  message: 'Is empty.',
                  remedies: [{ parameter: 'skip_empty', value: null }],
                },
              ],
            },
          },
          parameter: {
            value: { time_zone: ['Must be the name of a time zone of the IANA database.'] },
          },
        },
      },
    },
  },
  Unauthenticated: {
    ...withDetail(
      'The credential is missing or invalid.',
      'Authentication credentials were not provided.',
      'Invalid token.',
      'Invalid username/password.',
    ),
    headers: {
      'WWW-Authenticate': {
        description: '`Token`, and `Basic realm="api"` unless a page’s script sent the request.',
        required: true,
        schema: { type: 'string' },
      },
    },
  },
  Forbidden: withDetail(
    'The credential lacks the scope.',
    'You do not have permission to perform this action.',
  ),
  NotFound: withDetail(
    'The account has no such flow sensor, or the list no such page.',
    'Not found.',
    'Invalid page.',
  ),
  MethodNotAllowed: {
    ...withDetail('The path does not support the method.', 'Method "PUT" not allowed.'),
    headers: {
      Allow: {
        description: 'The methods that the path supports.',
        required: true,
        schema: { type: 'string' },
      },
    },
  },
  Conflict: withJson(
    'Some pings are already stored with other flowrates. Nothing was recorded.',
    'Conflict',
    {},
  ),
  PayloadTooLarge: withDetail(
    'The body is larger, or has more pings, than the server accepts.',
    'A request holds at most 100000 pings.',
  ),
  UnsupportedMediaType: withDetail(
    'The media type or encoding of the body is not supported.',
    'Unsupported media type "text/plain" in request.',
  ),
  Throttled: {
    ...withDetail(
      'The credential sent too many requests, or too many wrong credentials were sent.',
      'Request was throttled. Expected available in 7 seconds.',
    ),
    ...RETRY_AFTER,
  },
  ServerError: withDetail('The server failed.', 'A server error occurred.'),
  Unavailable: {
    ...withDetail(
      'The database is unavailable or the server is overloaded. Nothing was done.',
      'Service temporarily unavailable, try again later.',
    ),
    ...RETRY_AFTER,
  },
};

export type ResponseName = keyof typeof RESPONSES;
