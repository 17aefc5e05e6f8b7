import { PayloadTooLargeError, type FieldError } from '../domain/shared/errors.js';
import { partMeantBy } from '../domain/pings/misspelt-keys.js';
import { QUALITY_RULE, readQuality, type Quality } from '../domain/pings/quality.js';
import type { NewPing } from '../domain/pings/pings.js';
import { inParts } from '../domain/shared/in-parts.js';
import { parseInstant } from '../domain/shared/time.js';
import { WRONG_DATETIME } from './parameters.js';

export interface PingParserOptions {
  /** of every ping; undefined where each ping names its own */
  readonly sensorId?: number;
  /** the datetime of a ping that has none; undefined where each must have one */
  readonly arrival?: Date;
  readonly maxPings: number;
}

/** Reads pings from JSON and checks their types; the domain checks their values. */
export class PingParser {
  /** A field with an error has a placeholder, so that the domain can check the other fields. */
  readonly pings: NewPing[] = [];
  readonly errors: FieldError[] = [];

  constructor(private readonly options: PingParserOptions) {}

  /** @throws PayloadTooLargeError where there are too many */
  add(value: unknown): void {
    const { maxPings, sensorId } = this.options;
    if (this.pings.length === maxPings) {
      throw new PayloadTooLargeError(`A request holds at most ${maxPings} pings.`);
    }
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const ping = (isObject ? value : {}) as Readonly<Record<string, unknown>>;
    if (!isObject) {
      this.addError([], `Invalid data. Expected a dictionary, but got ${pythonType(value)}.`);
    }
    // What may be a misspelt datetime is refused, so that the ping is not stored at the time of its
    // arrival.
    if (isObject && ping['datetime'] === undefined) this.refuseUnknownKeys(ping);
    else if (isObject) this.refuseMisspeltKeys(ping);
    this.pings.push({
      sensorId: isObject ? this.sensorId(ping['sensor_id']) : (sensorId ?? 0),
      flowrate: isObject ? this.flowrate(ping['flowrate']) : 0,
      datetime: isObject ? this.datetime(ping['datetime']) : EPOCH,
      ...(ping['quality'] !== undefined && { quality: this.quality(ping['quality']) }),
      ...(isGiven(ping['totalizer']) && { totalizer: this.totalizer(ping['totalizer']) }),
    });
  }

  /** @throws PayloadTooLargeError where there are too many */
  async addAll(values: readonly unknown[]): Promise<void> {
    await inParts(values, (part) => {
      for (const value of part) this.add(value);
    });
  }

  private refuseUnknownKeys(ping: Readonly<Record<string, unknown>>): void {
    const missing = ['datetime', 'flowrate'].filter((key) => ping[key] === undefined);
    for (const key of Object.keys(ping)) {
      if (KEYS.has(key)) continue;
      this.addError([shortened(key)], `Unknown field. Did you mean ${missing.join(' or ')}?`);
    }
  }

  /** Other unknown keys are ignored: they leave the ping as it is meant. */
  private refuseMisspeltKeys(ping: Readonly<Record<string, unknown>>): void {
    for (const key in ping) {
      if (KEYS.has(key)) continue;
      const part = partMeantBy(key);
      if (part === 'unit' && ping[key] !== 'bbl/d') {
        this.addError([key], 'Unknown field. A flowrate is in bbl/d.');
      } else if ((part === 'quality' || part === 'totalizer') && ping[part] === undefined) {
        this.addError([key], `Unknown field. Did you mean ${part}?`);
      }
    }
  }

  private sensorId(value: unknown): number {
    const { sensorId } = this.options;
    if (sensorId !== undefined) {
      if (value !== undefined && value !== sensorId) {
        this.addError(['sensor_id'], `Must be ${sensorId}, as in the path, or left out.`);
      }
      return sensorId;
    }
    if (Number.isInteger(value)) return value as number;
    this.addError(['sensor_id'], missing(value) ?? 'A valid integer is required.');
    return 0;
  }

  private flowrate(value: unknown): number {
    if (typeof value === 'number') return value;
    this.addError(['flowrate'], missing(value) ?? 'A valid number is required.');
    return 0;
  }

  private datetime(value: unknown): Date {
    const { arrival } = this.options;
    if (value === undefined && arrival) return arrival;
    const instant = typeof value === 'string' ? parseInstant(value) : undefined;
    if (!instant) this.addError(['datetime'], missing(value) ?? WRONG_DATETIME);
    return instant ?? EPOCH;
  }

  private quality(value: unknown): Quality | undefined {
    const quality = readQuality(value);
    if (!quality) this.addError(['quality'], missing(value) ?? `Must be ${QUALITY_RULE}.`);
    return quality;
  }

  private totalizer(value: unknown): number {
    if (typeof value === 'number') return value;
    this.addError(['totalizer'], 'A valid number is required.');
    return 0;
  }

  private addError(path: FieldError['path'], message: string): void {
    this.errors.push({ path: [this.pings.length, ...path], message });
  }
}

const EPOCH = new Date(0);

// The fields of a ping that was read from the API are known, so that it can be sent back unchanged.
const KEYS = new Set([
  'id',
  'sensor_id',
  'sensor_name',
  'flowrate',
  'datetime',
  'quality',
  'totalizer',
]);
const MAX_KEY = 100;

function shortened(key: string): string {
  return key.length > MAX_KEY ? `${key.slice(0, MAX_KEY)}…` : key;
}

/** A meter that has no totalizer may say so. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function missing(value: unknown): string | undefined {
  if (value === undefined) return 'This field is required.';
  return value === null ? 'This field may not be null.' : undefined;
}

/** What Django REST Framework calls the type of a JSON value. */
export function pythonType(value: unknown): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return { string: 'str', boolean: 'bool' }[typeof value as string] ?? 'dict';
}
