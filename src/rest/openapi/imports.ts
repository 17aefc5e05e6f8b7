import { FLOWRATE_UNITS } from '../../domain/shared/units.js';
import { FILE_TYPES, NDJSON_TYPE } from '../media-type.js';

const query = (name: string, description: string, schema: object) => ({
  name,
  in: 'query',
  description,
  schema,
});
const text = { type: 'string' };
const flag = { type: 'boolean', default: false };
const texts = { type: 'array', items: text };

/** Those of an import alone. */
export const IMPORT_PARAMETERS = [
  query('dry_run', 'Only reports what would change and shows the first rows.', flag),
  query(
    'create_sensors',
    'Creates the sensors that the account does not have. Needs `admin`.',
    flag,
  ),
  query('file_name', 'What the file is called.', { type: 'string', maxLength: 255 }),
  query(
    'profile',
    'Reads the file as this profile of the account says, and as other parameters say.',
    text,
  ),
  query(
    'columns',
    'The file’s names of columns, such as `sensor_name=Tag,datetime=Date+Time,flowrate=Value`; also `sensor_id`, `latitude`, `longitude`, `pipe_diameter`, `quality` and `totalizer`.',
    text,
  ),
  query('wide', 'Each column but the datetime has the flowrates of one sensor.', flag),
  query('unit', 'The unit of the flowrates.', { enum: FLOWRATE_UNITS, default: 'bbl/d' }),
  query(
    'time_zone',
    'The IANA name of the zone of datetimes without an offset; UTC unless given.',
    text,
  ),
  query(
    'date_format',
    'The form of datetimes, such as `DD.MM.YYYY HH:mm`, `epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`, `excel` or `excel-1904`; as it is recognised, or ISO 8601, unless given.',
    text,
  ),
  query(
    'delimiter',
    'The one character between fields, or `tab`; as it is recognised unless given.',
    text,
  ),
  query('decimal', 'The decimal separator of flowrates; the other one separates thousands.', {
    enum: ['.', ','],
  }),
  query('encoding', 'The encoding of the text, such as `windows-1252`; UTF-8 unless given.', text),
  query('skip_lines', 'How many lines before the header are not read.', {
    type: 'integer',
    minimum: 0,
  }),
  query(
    'where',
    'Reads only rows with this value, such as `quality=Good`; may be repeated.',
    texts,
  ),
  query(
    'null_value',
    'Leaves out rows whose flowrate is one of these, such as `-999999,NaN,Bad`; may be repeated.',
    texts,
  ),
  query('skip_empty', 'Leaves out rows whose flowrate is empty.', flag),
];

const count = (description: string) => ({ type: 'integer', minimum: 0, description });
const names = (description: string) => ({ ...texts, description });
const object = (properties: Record<string, object>, optional: string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const datetime = { type: 'string', format: 'date-time' };

const FILE = {
  rows: count('Rows after the header.'),
  recognised: names('What was recognised by itself, such as `separated by semicolons`.'),
  header: names('The names of all columns.'),
  columns: {
    type: 'object',
    description: 'The names of the columns that each field was read from.',
    additionalProperties: texts,
  },
  wide: { type: 'boolean', description: 'Whether each column has the flowrates of one sensor.' },
  unread_columns: names('The names of the columns that were not read.'),
  assumed_utc: {
    type: 'boolean',
    description: 'Whether datetimes without an offset were read as UTC for lack of a time zone.',
  },
  preview: {
    type: 'array',
    description: 'The first rows as they were understood, in bbl/d.',
    items: object({
      line: { type: 'integer', minimum: 1 },
      sensor_name: text,
      datetime,
      flowrate: { type: 'number' },
      quality: { enum: ['GOOD', 'UNCERTAIN', 'BAD', null] },
      totalizer: { type: ['number', 'null'], description: 'Barrels.' },
    }),
  },
};

export const IMPORT_SCHEMAS = {
  ImportedSensor: object({
    sensor_id: {
      type: ['integer', 'null'],
      description: 'Null of a sensor that would be created.',
    },
    sensor_name: text,
    created: { type: 'boolean', description: 'Whether the sensor is new.' },
    readings: count('Readings of the sensor in the file.'),
    inserted: count('New ones.'),
    corrected: count('Those that replaced stored ones.'),
    conflicts: count('Those that differ from stored ones, for which the file is refused.'),
    start: { ...datetime, description: 'The first reading’s.' },
    end: { ...datetime, description: 'The last reading’s.' },
  }),
  ImportResult: object({
    id: {
      type: ['integer', 'null'],
      description: 'In the log of imports (`imports` in GraphQL); null of a dry run.',
    },
    dry_run: { type: 'boolean' },
    readings: count('One for each row that was read; of a wide table, one for each cell.'),
    inserted: count('New readings.'),
    duplicates: count('Readings that were already stored.'),
    corrected: count('Readings that replaced stored ones.'),
    repeated: count('Rows that repeat a sensor and an instant of the file.'),
    sensors_created: count('New sensors.'),
    left_out: {
      type: 'object',
      description: 'How many rows were left out, by the parameter that did.',
      additionalProperties: { type: 'integer' },
    },
    qualities: object({ uncertain: count('Uncertain readings.'), bad: count('Bad readings.') }),
    ...FILE,
    sensors: { type: 'array', items: ref('ImportedSensor') },
  }),
  ImportErrors: object(
    {
      detail: text,
      count: count('Of all errors, also those that are not listed.'),
      errors: {
        type: 'array',
        description: 'The first errors.',
        items: object({
          line: { type: ['integer', 'null'], description: 'Null of an error of the whole file.' },
          column: { type: ['string', 'null'], description: 'Null of an error of the whole line.' },
          message: text,
          remedies: {
            type: 'array',
            description: 'Parameters that can let the file pass.',
            items: object({ parameter: text, value: { type: ['string', 'null'] } }),
          },
        }),
      },
      file: { ...object(FILE), description: 'How the file was understood up to there.' },
      changes: {
        ...object({
          readings: count('Readings in the file.'),
          inserted: count('Those that would be new.'),
          sensors: { type: 'array', items: ref('ImportedSensor') },
        }),
        description: 'What would change but for the conflicts.',
      },
    },
    ['file', 'changes'],
  ),
};

/** The operation, but for its responses to failures. */
export const IMPORT_OPERATION = {
  operationId: 'importFile',
  tags: ['Recording'],
  summary: 'Import a file of readings',
  description: `The body is the file itself: CSV with a header, also compressed by gzip, or an Excel workbook (.xlsx). It is loaded whole or not at all. What is certain of how it is written is recognised; what is ambiguous is refused, with the parameter that settles it. A request that accepts \`${NDJSON_TYPE}\` and takes long is answered by lines \`{"rows":…}\` and a last one \`{"status":…,"body":…}\` with what the response would have been.`,
  requestBody: {
    required: true,
    content: Object.fromEntries(
      FILE_TYPES.map((type) => [
        type,
        {
          schema: { type: 'string', format: 'binary' },
          ...(type === 'text/csv' && {
            example: 'sensor_name,datetime,flowrate\nWell 1,2024-03-01T06:00:00Z,1234.5\n',
          }),
        },
      ]),
    ),
  },
};
