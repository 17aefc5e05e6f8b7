import { PAGE_SIZE } from '../../domain/shared/page.js';
import { IMPORT_SCHEMAS } from './imports.js';

const datetime = {
  type: 'string',
  format: 'date-time',
  description: 'In UTC; with milliseconds only where they are not zero.',
};
const flowrate = {
  type: 'number',
  description: 'In barrels per day; negative for reverse flow.',
};
const volume = { type: 'number', description: 'In barrels, rounded to 6 decimals.' };
const sensorId = { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 };

const object = (properties: Record<string, object>, optional: string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});

const listOf = (schema: string, example: object[]) => ({
  ...object({
    count: { type: 'integer', minimum: 0, description: 'The number of results on all pages.' },
    next: {
      type: ['string', 'null'],
      format: 'uri',
      description: 'The next page; null on the last one.',
    },
    previous: {
      type: ['string', 'null'],
      format: 'uri',
      description: 'The previous page; null on the first one.',
    },
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

const quality = {
  enum: ['GOOD', 'UNCERTAIN', 'BAD', 192, 64, 0],
  description:
    'How far the reading can be trusted, by name or as a severity in OPC. A `BAD` reading counts in no volume, and lists of this API leave it out. Default: `GOOD` if the ping is new or corrects a flowrate; the stored quality if its flowrate is stored already.',
};

const totalizer = {
  type: ['number', 'null'],
  minimum: 0,
  maximum: 1e15,
  description:
    'What the meter itself has counted by then, in barrels, whatever the unit of the flowrate is. Lists of this API do not have it. Null or absent: none, or the stored one.',
};

/** An example of a new ping; its datetime may have any offset. */
export const NEW_PING = { flowrate: 759.9, datetime: '2019-02-05T14:15:08-06:00' };

const newFlowrate = {
  type: 'number',
  minimum: -1e15,
  maximum: 1e15,
  description:
    'In barrels per day: 0, or a number with a magnitude from 1e-30 to 1e15; negative for reverse flow.',
};
const newDatetime = {
  type: 'string',
  description:
    'In ISO 8601; UTC where it has no offset; at most 24 hours ahead of the server’s clock.',
};

const messages = { type: 'array', items: { type: 'string' }, minItems: 1 };
const byField = { type: 'object', additionalProperties: messages };

export const SCHEMAS = {
  FlowSensor: {
    ...object({
      id: sensorId,
      name: { type: 'string' },
      latitude: {
        type: ['number', 'null'],
        description: 'In degrees (WGS 84), from -90 to 90; null where unknown.',
      },
      longitude: {
        type: ['number', 'null'],
        description: 'In degrees (WGS 84), from -180 to 180; null where unknown.',
      },
      pipe_diameter: {
        type: ['number', 'null'],
        description: 'In inches; null where unknown.',
      },
      last_ping_flowrate: {
        ...flowrate,
        type: ['number', 'null'],
        description: 'In barrels per day; null before the first ping.',
      },
      last_ping_datetime: {
        ...datetime,
        type: ['string', 'null'],
        description: 'In UTC; null before the first ping.',
      },
      activated_at: {
        ...datetime,
        type: ['string', 'null'],
        description: 'In UTC; null where unknown.',
      },
    }),
    examples: [SENSOR],
  },
  FlowSensorList: listOf('FlowSensor', [SENSOR]),
  Ping: {
    ...object({
      id: {
        type: 'integer',
        description:
          'Unique. A ping that was sent after another one was acknowledged has a larger id.',
      },
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
    ...object({ flowrate: newFlowrate, datetime: newDatetime, quality, totalizer }, [
      ...['datetime', 'quality', 'totalizer'],
    ]),
    description:
      'The datetime of a single ping defaults to the time of its arrival; a ping without it may have no unknown fields.',
    examples: [NEW_PING],
  },
  NewPing: {
    ...object(
      { sensor_id: sensorId, flowrate: newFlowrate, datetime: newDatetime, quality, totalizer },
      ['quality', 'totalizer'],
    ),
    examples: [{ sensor_id: 1, ...NEW_PING }],
  },
  Recorded: {
    ...object({
      recorded: {
        type: 'integer',
        minimum: 0,
        description: 'The number of new and corrected pings.',
      },
      duplicates: {
        type: 'integer',
        minimum: 0,
        description: 'The number of pings that were already stored with the same flowrate.',
      },
    }),
    examples: [{ recorded: 2, duplicates: 0 }],
  },
  Conflict: {
    ...object({
      detail: { type: 'string' },
      conflicts: {
        type: 'array',
        items: object({
          index: {
            type: 'integer',
            minimum: 0,
            description: 'The index of the ping in the request, from 0.',
          },
          sensor_id: sensorId,
          datetime,
          flowrate: {
            ...flowrate,
            description: 'The stored flowrate, in the unit of the request.',
          },
        }),
      },
    }),
    examples: [
      {
        detail: 'One ping is already stored with another flowrate; nothing was recorded.',
        conflicts: [{ index: 0, sensor_id: 1, datetime: '2019-02-05T20:15:08Z', flowrate: 759.9 }],
      },
    ],
  },
  ...IMPORT_SCHEMAS,
  Detail: object({ detail: { type: 'string' } }),
  FieldErrors: {
    description:
      'Messages keyed by field; those of several pings are keyed by the index of the ping, from 0, and then by field.',
    type: 'object',
    additionalProperties: { anyOf: [messages, byField] },
    examples: [{ 3: { flowrate: ['A valid number is required.'] } }],
  },
};
