import type { FieldError } from '../shared/errors.js';
import { nameError } from '../shared/name-rules.js';

/** Degrees (WGS 84), inches, seconds; null or absent where unknown, `maxGap` then 3600. */
export interface CreateSensorInput {
  readonly name: string;
  readonly latitude?: number | null | undefined;
  readonly longitude?: number | null | undefined;
  readonly pipeDiameter?: number | null | undefined;
  readonly activatedAt?: Date | null | undefined;
  readonly maxGap?: number | null | undefined;
}

/** What is absent stays; null clears, a `maxGap` to its default. */
export type UpdateSensorInput = Omit<Partial<CreateSensorInput>, 'name'> & {
  readonly name?: string | null | undefined;
};

export const MAX_SENSOR_NAME = 255;
export const MAX_LATITUDE = 90;
export const MAX_LONGITUDE = 180;

/** PostgreSQL's integer, in seconds: 68 years. */
const LARGEST_GAP = 2 ** 31 - 1;

/** Every field that breaks its rule. */
export function sensorErrors(input: UpdateSensorInput): FieldError[] {
  const { name, latitude, longitude, pipeDiameter, activatedAt, maxGap } = input;
  const messages = {
    name:
      name === null ? 'Must not be null.' : unless(name, (it) => nameError(it, MAX_SENSOR_NAME)),
    latitude: unless(latitude, (it) => degreesFault(it, MAX_LATITUDE)),
    longitude: unless(longitude, (it) => degreesFault(it, MAX_LONGITUDE)),
    pipeDiameter: unless(pipeDiameter, diameterFault),
    activatedAt: unless(activatedAt, instantFault),
    maxGap: unless(maxGap, gapFault),
  };
  return Object.entries(messages).flatMap(([field, message]) =>
    message === undefined ? [] : [{ path: [field], message }],
  );
}

function unless<T>(
  value: T | null | undefined,
  errorText: (value: T) => string | undefined,
): string | undefined {
  return value === null || value === undefined ? undefined : errorText(value);
}

// Written so that NaN, which compares with nothing, is a fault too.
function degreesFault(value: number, most: number): string | undefined {
  return Math.abs(value) <= most ? undefined : `Must be from -${most} to ${most}; got ${value}.`;
}

function diameterFault(value: number): string | undefined {
  const fits = value > 0 && Number.isFinite(value);
  return fits ? undefined : `Must be greater than 0; got ${value}.`;
}

function instantFault(value: Date): string | undefined {
  return Number.isNaN(value.getTime()) ? 'Must be a datetime.' : undefined;
}

function gapFault(value: number): string | undefined {
  const fits = Number.isInteger(value) && value >= 1 && value <= LARGEST_GAP;
  return fits
    ? undefined
    : `Must be a whole number of seconds from 1 to ${LARGEST_GAP}; got ${value}.`;
}
