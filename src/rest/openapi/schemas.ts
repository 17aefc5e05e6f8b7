import { PAGE_SIZE } from '../../domain/shared/page.js';

const datetime = {
  type: 'string',
  format: 'date-time',
  description: 'UTC, with milliseconds only where there are any.',
};
const flowrate = {
  type: 'number',
  description: 'Barrels per day; negative where the flow is reversed.',
};
const volume = { type: 'number', description: 'Barrels, rounded to 6 decimals.' };
const sensorId = { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 };

const object = (properties: Record<string, object>, optional: string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});

const listOf = (schema: string, example: object[]) => ({
  ...object({
    count: { type: 'integer', minimum: 0, description: 'Of all pages.' },
    next: { type: ['string', 'null'], format: 'uri' },
    previous: { type: ['string', 'null'], format: 'uri' },
    results: {
      type: 'array',
      maxItems: PAGE_SIZE,
      items: { $ref: `#/components/schemas/${schema}` },
    },
  }),
  examples: [{ count: example.length, next: null, previous: null, results: example }],
});

export const SENSOR = {
  id: 1,
  name: 'Sensor 1',
  latitude: 29.760435,
  longitude: -95.3698,
  pipe_diameter: 14.64,
  last_ping_flowrate: 5356.9,
  last_ping_datetime: '2019-02-05T20:41:02Z',
  activated_at: '2019-01-01T00:00:00Z',
};
const PING = {
  id: 1,
  sensor_id: 1,
  sensor_name: 'Sensor 1',
  flowrate: 759.9,
  datetime: '2019-02-05T20:15:08Z',
};
const HOUR = {
  sensor_id: 1,
  sensor_name: 'Sensor 1',
  flow_volume: 31.6625,
  start: '2019-02-27T11:00:00Z',
  end: '2019-02-27T12:00:00Z',
};

/** What a new ping is made of; its datetime may have any offset. */
export const NEW_PING = { flowrate: 759.9, datetime: '2019-02-05T14:15:08-06:00' };

const newFlowrate = {
  type: 'number',
  minimum: -1e15,
  maximum: 1e15,
  description: 'Barrels per day: 0, or a magnitude from 1e-30 to 1e15.',
};
const newDatetime = {
  type: 'string',
  description: 'ISO 8601; UTC without an offset; at most 24 hours ahead of the server’s clock.',
};

const messages = { type: 'array', items: { type: 'string' }, minItems: 1 };
const byField = { type: 'object', additionalProperties: messages };

export const SCHEMAS = {
  FlowSensor: {
    ...object({
      id: sensorId,
      name: { type: 'string' },
      latitude: { type: ['number', 'null'], description: 'Degrees, WGS 84.' },
      longitude: { type: ['number', 'null'], description: 'Degrees, WGS 84.' },
      pipe_diameter: { type: ['number', 'null'], description: 'Inches.' },
      last_ping_flowrate: {
        ...flowrate,
        type: ['number', 'null'],
        description: 'Barrels per day; null before the first ping.',
      },
      last_ping_datetime: {
        ...datetime,
        type: ['string', 'null'],
        description: 'UTC; null before the first ping.',
      },
      activated_at: { ...datetime, type: ['string', 'null'], description: 'UTC.' },
    }),
    examples: [SENSOR],
  },
  FlowSensorList: listOf('FlowSensor', [SENSOR]),
  Ping: {
    ...object({
      id: { type: 'integer' },
      sensor_id: sensorId,
      sensor_name: { type: 'string' },
      flowrate,
      datetime,
    }),
    examples: [PING],
  },
  PingList: listOf('Ping', [PING]),
  FlowVolume: {
    ...object({
      sensor_id: sensorId,
      sensor_name: { type: 'string' },
      flow_volume: volume,
      start: datetime,
      end: datetime,
    }),
    examples: [HOUR],
  },
  FlowVolumeHourList: listOf('FlowVolume', [HOUR]),
  NewPingOfSensor: {
    ...object({ flowrate: newFlowrate, datetime: newDatetime }, ['datetime']),
    description: 'Of a single ping the datetime defaults to the time of arrival.',
    examples: [NEW_PING],
  },
  NewPing: {
    ...object({ sensor_id: sensorId, flowrate: newFlowrate, datetime: newDatetime }),
    examples: [{ sensor_id: 1, ...NEW_PING }],
  },
  Recorded: {
    ...object({
      recorded: { type: 'integer', minimum: 0, description: 'New or corrected pings.' },
      duplicates: { type: 'integer', minimum: 0, description: 'Pings held already as they are.' },
    }),
    examples: [{ recorded: 2, duplicates: 0 }],
  },
  Conflict: {
    ...object({
      detail: { type: 'string' },
      conflicts: {
        type: 'array',
        items: object({
          index: { type: 'integer', minimum: 0, description: 'In the request, from 0.' },
          sensor_id: sensorId,
          datetime,
          flowrate: { ...flowrate, description: 'Barrels per day; the one held.' },
        }),
      },
    }),
    examples: [
      {
        detail: 'One ping is already held with another flowrate; nothing was recorded.',
        conflicts: [{ index: 0, sensor_id: 1, datetime: '2019-02-05T20:15:08Z', flowrate: 759.9 }],
      },
    ],
  },
  Detail: object({ detail: { type: 'string' } }),
  Faults: {
    description:
      'Messages keyed by the field; of several pings, by their index from 0 and then by the field.',
    type: 'object',
    additionalProperties: { anyOf: [messages, byField] },
    examples: [{ 3: { flowrate: ['A valid number is required.'] } }],
  },
};
