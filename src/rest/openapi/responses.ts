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
      description: 'Seconds.',
      required: true,
      schema: { type: 'integer', minimum: 1 },
    },
  },
};

export const RESPONSES = {
  BadParameters: withJson('A parameter is wrong.', 'Faults', {
    datetime: { start: [WRONG_DATETIME] },
    range: { end: ['Must not be before start.'] },
  }),
  BadPings: {
    description: 'A parameter or a ping is wrong, or the body is no JSON. Nothing was recorded.',
    content: {
      'application/json': {
        schema: {
          anyOf: [{ $ref: '#/components/schemas/Faults' }, { $ref: '#/components/schemas/Detail' }],
        },
        examples: {
          several: { value: { 3: { flowrate: ['A valid number is required.'] } } },
          single: { value: { flowrate: ['This field is required.'] } },
          syntax: { value: { detail: 'JSON parse error - value expected: line 1 column 14' } },
        },
      },
    },
  },
  Unauthenticated: {
    ...withDetail(
      'There is no credential, or none that holds.',
      'Authentication credentials were not provided.',
      'Invalid token.',
      'Invalid username/password.',
    ),
    headers: {
      'WWW-Authenticate': {
        description: '`Token`, and `Basic realm="api"` unless a page’s script asked.',
        required: true,
        schema: { type: 'string' },
      },
    },
  },
  Forbidden: withDetail(
    'The credential lacks the scope.',
    'You do not have permission to perform this action.',
  ),
  NotFound: withDetail('There is no such thing in the account.', 'Not found.', 'Invalid page.'),
  MethodNotAllowed: {
    ...withDetail('The path has no such method.', 'Method "PUT" not allowed.'),
    headers: { Allow: { required: true, schema: { type: 'string' } } },
  },
  Conflict: withJson('Pings are held with other flowrates. Nothing was recorded.', 'Conflict', {}),
  PayloadTooLarge: withDetail(
    'The body is longer, or holds more pings, than the server takes.',
    'A request holds at most 100000 pings.',
  ),
  UnsupportedMediaType: withDetail(
    'The body is of another type.',
    'Unsupported media type "text/plain" in request.',
  ),
  Throttled: {
    ...withDetail(
      'Too many requests of one credential, or too many wrong credentials.',
      'Request was throttled. Expected available in 7 seconds.',
    ),
    ...RETRY_AFTER,
  },
  ServerError: withDetail('A fault of the server.', 'A server error occurred.'),
  Unavailable: {
    ...withDetail(
      'The database is away, or the server overloaded. Nothing was done.',
      'Service temporarily unavailable, try again later.',
    ),
    ...RETRY_AFTER,
  },
};

export type ResponseName = keyof typeof RESPONSES;
