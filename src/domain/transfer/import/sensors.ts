import type { ImportTransaction, ReservedSensor } from '../../../storage/transfer/import-store.js';
import { sensorErrors } from '../../sensors/rules.js';
import { isRecordId } from '../../shared/record-id.js';
import type { Columns } from './columns.js';
import { quote, type ImportError, type ImportErrorList } from './errors.js';
import { readNumber } from './numbers.js';

const SEVERAL = -1;
const REFUSED = 0;
/** What decoding makes of bytes that are not valid in the encoding. */
const UNDECODABLE = '\uFFFD';

/** Finds the sensor of each row, and creates those that do not exist if that was asked for. */
export class RowSensors {
  private readonly byId = new Map<string, number>();
  private readonly byName = new Map<string, number>();
  private readonly names = new Map<number, string>();
  private readonly created = new Map<number, ReservedSensor>();
  columns!: Columns;
  private idIndex = -1;
  private nameIndex = -1;

  constructor(
    private readonly errors: ImportErrorList,
    private readonly transaction: ImportTransaction,
    private readonly createSensors: boolean,
  ) {}

  /** To be called before rows are read. */
  useColumns(columns: Columns): void {
    this.columns = columns;
    this.idIndex = columns.sensorId?.index ?? -1;
    this.nameIndex = columns.sensorName?.index ?? -1;
  }

  /** Whether the account has a sensor of that name. */
  hasName(name: string): boolean {
    return this.byName.has(name);
  }

  async load(): Promise<void> {
    const inService = new Set<string>();
    for (const { id, name, isRetired } of await this.transaction.sensors(this.createSensors)) {
      this.byId.set(String(id), id);
      this.names.set(id, name);
      // A name means the sensor in service, not the retired one that it replaced.
      if (isRetired && inService.has(name)) continue;
      if (!isRetired) inService.add(name);
      this.byName.set(name, this.byName.has(name) ? SEVERAL : id);
    }
  }

  /** The id of a sensor that was found before, so that most rows need not wait. */
  known(fields: readonly string[]): number | undefined {
    const id = this.idIndex < 0 ? '' : fields[this.idIndex]!;
    const found = id === '' ? this.byName.get(fields[this.nameIndex] ?? '') : this.byId.get(id);
    return found !== undefined && found > 0 ? found : undefined;
  }

  /** The id of a row's sensor; undefined after an error, which is reported once for each sensor. */
  async find(line: number, fields: readonly string[]): Promise<number | undefined> {
    const id = (fields[this.idIndex] ?? '').trim();
    if (id !== '') return this.findById(line, id);
    const name = fields[this.nameIndex] ?? '';
    if (name === '') {
      const column = (this.columns.sensorName ?? this.columns.sensorId)?.name;
      this.errors.add({ line, column, message: 'Must not be empty.' });
      return undefined;
    }
    return this.findByName(line, name, this.columns.sensorName?.name, fields);
  }

  /**
   * The id of the sensor of that name.
   * @param column the column of the name; undefined if the name is itself that of a column
   * @param fields for a new sensor's latitude, longitude and pipe diameter
   */
  async findByName(
    line: number,
    name: string,
    column: string | undefined,
    fields: readonly string[],
  ): Promise<number | undefined> {
    const found = this.byName.get(name);
    if (found === REFUSED || (found !== undefined && found > 0)) return found || undefined;
    const refuse = (error: Omit<ImportError, 'line' | 'column'>) => {
      this.byName.set(copyOf(name), REFUSED);
      this.errors.add({ line, column, ...error });
      return undefined;
    };
    if (found === SEVERAL) {
      const remedy = column === undefined ? '' : '; give sensor_id';
      return refuse({ message: `There are several sensors named ${quote(name)}${remedy}.` });
    }
    if (name.includes(UNDECODABLE)) {
      const message = `Must be UTF-8 text, not ${quote(name)}.`;
      return refuse({ message, remedies: [{ option: 'encoding' }] });
    }
    if (!this.createSensors) {
      const message = `The account has no sensor named ${quote(name)}.`;
      return refuse({ message, remedies: [{ option: 'createSensors' }] });
    }
    return this.create(line, name, column, fields);
  }

  get countCreated(): number {
    return this.created.size;
  }

  /** The name of a sensor that was found. */
  nameOf(sensorId: number): string {
    return this.names.get(sensorId) ?? '';
  }

  isCreated(sensorId: number): boolean {
    return this.created.has(sensorId);
  }

  /** Writes the new sensors. */
  save(): Promise<void> {
    return this.transaction.createSensors([...this.created.values()]);
  }

  private findById(line: number, text: string): number | undefined {
    const found = this.byId.get(String(Number(text)));
    if (found !== undefined && /^\d+$/.test(text)) return found || undefined;
    if (this.byId.get(text) === REFUSED) return undefined;
    this.byId.set(copyOf(text), REFUSED);
    const message =
      /^\d+$/.test(text) && isRecordId(Number(text))
        ? `The account has no sensor ${text}.`
        : `Must be a sensor's id, a positive whole number, not ${quote(text)}.`;
    this.errors.add({ line, column: this.columns.sensorId?.name, message });
    return undefined;
  }

  private async create(
    line: number,
    name: string,
    column: string | undefined,
    fields: readonly string[],
  ): Promise<number | undefined> {
    const { latitude, longitude, pipeDiameter } = this.columns;
    const values = {
      name: copyOf(name),
      latitude: readOptional(fields[latitude?.index ?? -1]),
      longitude: readOptional(fields[longitude?.index ?? -1]),
      pipeDiameter: readOptional(fields[pipeDiameter?.index ?? -1]),
      // The file's readings may be far older than the sensor's creation.
      activatedAt: null,
    };
    const columnOf: Record<string, string | undefined> = {
      name: column,
      latitude: latitude?.name,
      longitude: longitude?.name,
      pipeDiameter: pipeDiameter?.name,
    };
    const wrong = sensorErrors(values);
    for (const { path, message } of wrong) {
      this.errors.add({ line, column: columnOf[String(path[0])], message });
    }
    if (wrong.length > 0) {
      this.byName.set(values.name, REFUSED);
      return undefined;
    }
    const id = await this.transaction.reserveSensorId();
    this.byName.set(values.name, id);
    this.names.set(id, values.name);
    this.created.set(id, { id, ...values });
    return id;
  }
}

/** NaN, which no rule allows, for a text that is not a number. */
function readOptional(text = ''): number | null {
  return text.trim() === '' ? null : (readNumber(text) ?? NaN);
}

/** A slice of a string keeps the whole string in memory; a copy does not. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
