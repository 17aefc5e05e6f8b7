import type { CsvRow } from './import-csv.js';
import { ImportErrorList } from './import-errors.js';

/** Where in a row each column is; -1 where the file has it not. */
export interface Columns {
  readonly count: number;
  readonly sensorId: number;
  readonly sensorName: number;
  readonly datetime: number;
  readonly flowrate: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly pipeDiameter: number;
}

/**
 * Reads a file's header. The columns may come in any order, and others are ignored.
 * @throws ImportFaultsError
 */
export function readHeader({ line, fields }: CsvRow): Columns {
  const names = fields.map((field) => field.trim().toLowerCase());
  const faults = new ImportErrorList();
  const place = (name: string) => {
    const index = names.indexOf(name);
    if (index !== names.lastIndexOf(name)) {
      faults.add({ line, column: name, message: 'There are several columns of this name.' });
    }
    return index;
  };
  const columns = {
    count: fields.length,
    sensorId: place('sensor_id'),
    sensorName: place('sensor_name'),
    datetime: place('datetime'),
    flowrate: place('flowrate'),
    latitude: place('latitude'),
    longitude: place('longitude'),
    pipeDiameter: place('pipe_diameter'),
  };
  const missing = [
    ...(columns.sensorId < 0 && columns.sensorName < 0 ? ['sensor_id or sensor_name'] : []),
    ...(columns.datetime < 0 ? ['datetime'] : []),
    ...(columns.flowrate < 0 ? ['flowrate'] : []),
  ];
  for (const name of missing) {
    faults.add({ line, message: `The header has no column ${name}, only ${namesTold(fields)}.` });
  }
  faults.throwIfAny();
  return columns;
}

const MAX_TOLD = 200;

function namesTold(fields: readonly string[]): string {
  const told = JSON.stringify(fields.join(','));
  return told.length > MAX_TOLD ? `${told.slice(0, MAX_TOLD)}…"` : told;
}
