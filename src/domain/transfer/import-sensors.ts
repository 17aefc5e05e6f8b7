import type { ImportTransaction, ReservedSensor } from '../../storage/transfer/import-store.js';
import type { Columns } from './import-columns.js';
import type { ImportErrorList, ImportError } from './import-errors.js';
import { readNumber, shown } from './import-values.js';
import { isRecordId } from '../shared/record-id.js';
import { sensorErrors } from '../sensors/rules.js';

const SEVERAL = -1;
const FAULTY = 0;
/** What decoding leaves of bytes that are no UTF-8. */
const NOT_UTF_8 = '\uFFFD';

/** Finds the sensor that each row is of, and makes those that are not there where that was asked for. */
export class RowSensors {
  private readonly byId = new Map<string, number>();
  private readonly byName = new Map<string, number>();
  private readonly made: ReservedSensor[] = [];

  constructor(
    private readonly columns: Columns,
    private readonly faults: ImportErrorList,
    private readonly transaction: ImportTransaction,
    private readonly createSensors: boolean,
  ) {}

  async load(): Promise<void> {
    for (const { id, name } of await this.transaction.sensors(this.createSensors)) {
      this.byId.set(String(id), id);
      this.byName.set(name, this.byName.has(name) ? SEVERAL : id);
    }
  }

  /** The sensor's id where it is known already, so that most rows need no waiting. */
  known(fields: readonly string[]): number | undefined {
    const id = this.columns.sensorId < 0 ? '' : (fields[this.columns.sensorId] as string);
    const found =
      id === '' ? this.byName.get(fields[this.columns.sensorName] ?? '') : this.byId.get(id);
    return found !== undefined && found > 0 ? found : undefined;
  }

  /** The sensor's id; undefined where there is a fault, which is told once for each sensor. */
  async find(line: number, fields: readonly string[]): Promise<number | undefined> {
    const id = (fields[this.columns.sensorId] ?? '').trim();
    if (id !== '') return this.findById(line, id);
    const name = fields[this.columns.sensorName] ?? '';
    const found = this.byName.get(name);
    if (found === FAULTY || (found !== undefined && found > 0)) return found || undefined;
    if (found === SEVERAL) {
      return this.refuse(
        line,
        name,
        `There are several sensors named ${shown(name)}; give sensor_id.`,
      );
    }
    if (name === '') {
      const column = this.columns.sensorName < 0 ? 'sensor_id' : 'sensor_name';
      this.faults.add({ line, column, message: 'Must not be empty.' });
      return undefined;
    }
    if (name.includes(NOT_UTF_8)) {
      return this.refuse(line, name, `Must be UTF-8 text, not ${shown(name)}.`);
    }
    if (!this.createSensors) {
      const message = `The account has no sensor named ${shown(name)}.`;
      return this.refuse(line, name, message, 'CREATE_SENSORS');
    }
    return this.make(line, name, fields);
  }

  get countMade(): number {
    return this.made.length;
  }

  /** Writes the sensors that were made. */
  save(): Promise<void> {
    return this.transaction.createSensors(this.made);
  }

  private findById(line: number, text: string): number | undefined {
    const held = this.byId.get(String(Number(text)));
    if (held !== undefined && /^\d+$/.test(text)) return held || undefined;
    if (this.byId.get(text) === FAULTY) return undefined;
    this.byId.set(copyOf(text), FAULTY);
    const message =
      /^\d+$/.test(text) && isRecordId(Number(text))
        ? `The account has no sensor ${text}.`
        : `Must be a sensor's id, a whole number from 1 on, not ${shown(text)}.`;
    this.faults.add({ line, column: 'sensor_id', message });
    return undefined;
  }

  private async make(
    line: number,
    name: string,
    fields: readonly string[],
  ): Promise<number | undefined> {
    const { latitude, longitude, pipeDiameter } = this.columns;
    const values = {
      name: copyOf(name),
      latitude: readOptional(fields[latitude]),
      longitude: readOptional(fields[longitude]),
      pipeDiameter: readOptional(fields[pipeDiameter]),
      // What the file holds may be far older than the sensor's making here.
      activatedAt: null,
    };
    const wrong = sensorErrors(values);
    for (const { path, message } of wrong) {
      this.faults.add({ line, column: COLUMN_OF[String(path[0])], message });
    }
    if (wrong.length > 0) {
      this.byName.set(values.name, FAULTY);
      return undefined;
    }
    const id = await this.transaction.reserveSensorId();
    this.byName.set(values.name, id);
    this.made.push({ id, ...values });
    return id;
  }

  private refuse(
    line: number,
    name: string,
    message: string,
    remedy?: ImportError['remedy'],
  ): undefined {
    this.byName.set(copyOf(name), FAULTY);
    this.faults.add({ line, column: 'sensor_name', message, remedy });
    return undefined;
  }
}

const COLUMN_OF: Record<string, string> = {
  name: 'sensor_name',
  latitude: 'latitude',
  longitude: 'longitude',
  pipeDiameter: 'pipe_diameter',
};

/** NaN, which no rule lets pass, where there is something else than a number. */
function readOptional(text = ''): number | null {
  return text.trim() === '' ? null : (readNumber(text) ?? NaN);
}

/** A slice of a string keeps the whole of it in memory; a copy does not. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
