import type { ColumnNames, Condition } from './options.js';

/*
 * How settings of an import are written as one text: options of the command line, parameters of an
 * address.
 */

/** What Flowgate calls the columns. */
export const COLUMN_FIELDS: Readonly<Record<string, keyof ColumnNames>> = {
  sensor_id: 'sensorId',
  sensor_name: 'sensorName',
  datetime: 'datetime',
  flowrate: 'flowrate',
  latitude: 'latitude',
  longitude: 'longitude',
  pipe_diameter: 'pipeDiameter',
  quality: 'quality',
  totalizer: 'totalizer',
};

export const COLUMNS_ERROR = `a list such as sensor_name=Tag,flowrate=Value, of ${Object.keys(COLUMN_FIELDS).join(', ')}.`;
export const CONDITION_ERROR = 'a column and its value, e.g. quality=Good.';

/**
 * Reads `sensor_name=Tag,flowrate=Value`; undefined where it is not such a list. A comma within the
 * name of a column is part of it, unless another assignment follows.
 */
export function readColumnNames(text: string): ColumnNames | undefined {
  const columns: Partial<Record<keyof ColumnNames, string>> = {};
  for (const assignment of text.split(/,(?=\s*\w+\s*=)/)) {
    const [, name = '', column = ''] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(assignment) ?? [];
    const field = COLUMN_FIELDS[name.toLowerCase()];
    if (!field || column === '') return undefined;
    columns[field] = column;
  }
  return columns;
}

/** Reads `quality=Good`; undefined where it is not a condition. */
export function readCondition(text: string): Condition | undefined {
  const at = text.indexOf('=');
  const column = text.slice(0, at).trim();
  return at < 0 || column === '' ? undefined : { column, value: text.slice(at + 1).trim() };
}

/** Reads `-999999,NaN,Bad`. */
export function readNullValues(text: string): string[] {
  return text.split(',').map((value) => value.trim());
}

/** Reads one character, or the word `tab`. */
export function readDelimiter(text: string): string {
  return text === 'tab' || text === '\\t' ? '\t' : text;
}
