import { fieldErrors, InvalidInputError, type FieldError } from '../shared/errors.js';
import type { VolumeMethod } from '../../storage/sensors/sensor-store.js';
import type { FlowrateUnit } from '../shared/units.js';
import { nameError, reasonError } from '../shared/name-rules.js';
import { tagErrors } from './tags.js';

/**
 * Degrees (WGS 84), inches, seconds; null or absent where unknown, `maxGap` then 3600, `method`
 * LINEAR and `meterFactor` 1.
 */
export interface CreateSensorInput {
  readonly name: string;
  readonly latitude?: number | null | undefined;
  readonly longitude?: number | null | undefined;
  readonly pipeDiameter?: number | null | undefined;
  readonly activatedAt?: Date | null | undefined;
  readonly maxGap?: number | null | undefined;
  /** how the sensor's volumes are computed unless a request says otherwise */
  readonly method?: VolumeMethod | null | undefined;
  /** by which the sensor's volumes are multiplied (API MPMS chapters 4 and 12); null or absent: 1 */
  readonly meterFactor?: number | null | undefined;
  /** at which the meter's own totalizer begins again at 0, bbl; null or absent: it never does */
  readonly totalizerRollover?: number | null | undefined;
  /** of the flowrates that come in; null or absent: bbl/d */
  readonly entryUnit?: FlowrateUnit | null | undefined;
  /** the name of a calendar that the account has; null or absent: none */
  readonly calendar?: string | null | undefined;
  /** labels, in upper or lower case each once; null or absent: none */
  readonly tags?: string[] | null | undefined;
}

/** What is absent stays; null clears, `maxGap`, `method`, `meterFactor` and `entryUnit` to their defaults. */
export type UpdateSensorInput = Omit<Partial<CreateSensorInput>, 'name'> & {
  readonly name?: string | null | undefined;
  /** the id of the sensor that this one replaced; null: none */
  readonly continuesSensor?: number | null | undefined;
  /** from when on; null or absent: right after the other's last ping, or from its retirement */
  readonly continuesFrom?: Date | null | undefined;
};

export const MAX_SENSOR_NAME = 255;
export const MAX_LATITUDE = 90;
export const MAX_LONGITUDE = 180;

/** A meter that is further off is out of order, or its unit of entry is wrong. */
export const MIN_METER_FACTOR = 0.5;
export const MAX_METER_FACTOR = 2;

/** A totalizer is no larger either. */
const MAX_TOTALIZER_ROLLOVER = 1e15;

/** PostgreSQL's integer, in seconds: 68 years. */
const MAX_GAP_SECONDS = 2 ** 31 - 1;

/** Every field that breaks its rule. */
export function sensorErrors(input: UpdateSensorInput): FieldError[] {
  const { name, latitude, longitude, pipeDiameter, activatedAt, maxGap, meterFactor } = input;
  const { totalizerRollover } = input;
  const messages = {
    name:
      name === null ? 'Must not be null.' : unless(name, (it) => nameError(it, MAX_SENSOR_NAME)),
    latitude: unless(latitude, (it) => degreesError(it, MAX_LATITUDE)),
    longitude: unless(longitude, (it) => degreesError(it, MAX_LONGITUDE)),
    pipeDiameter: unless(pipeDiameter, diameterError),
    activatedAt: unless(activatedAt, instantError),
    maxGap: unless(maxGap, gapError),
    meterFactor: unless(meterFactor, factorError),
    totalizerRollover: unless(totalizerRollover, rolloverError),
  };
  return [...fieldErrors(messages), ...tagErrors(input.tags ?? [])];
}

function unless<T>(
  value: T | null | undefined,
  errorText: (value: T) => string | undefined,
): string | undefined {
  return value === null || value === undefined ? undefined : errorText(value);
}

// Written so that NaN, which compares with nothing, is an error too.
function degreesError(value: number, maximum: number): string | undefined {
  return Math.abs(value) <= maximum
    ? undefined
    : `Must be from -${maximum} to ${maximum}; got ${value}.`;
}

function diameterError(value: number): string | undefined {
  const fits = value > 0 && Number.isFinite(value);
  return fits ? undefined : `Must be greater than 0; got ${value}.`;
}

function instantError(value: Date): string | undefined {
  return Number.isNaN(value.getTime()) ? 'Must be a datetime.' : undefined;
}

function gapError(value: number): string | undefined {
  const fits = Number.isInteger(value) && value >= 1 && value <= MAX_GAP_SECONDS;
  return fits
    ? undefined
    : `Must be a whole number of seconds from 1 to ${MAX_GAP_SECONDS}; got ${value}.`;
}

function factorError(value: number): string | undefined {
  return value >= MIN_METER_FACTOR && value <= MAX_METER_FACTOR
    ? undefined
    : `Must be from ${MIN_METER_FACTOR} to ${MAX_METER_FACTOR}; got ${value}.`;
}

function rolloverError(value: number): string | undefined {
  return value > 0 && value <= MAX_TOTALIZER_ROLLOVER
    ? undefined
    : `Must be more than 0 and at most 1e15; got ${value}.`;
}

/** From when on a change of settings applies, and why it is made. */
export interface EditOptions {
  /** undefined: from now on, or ever since for a sensor without pings */
  readonly effectiveFrom?: Date | undefined;
  readonly reason?: string | undefined;
}

export function continuationErrors(
  { continuesSensor, continuesFrom }: UpdateSensorInput,
  now: Date,
): FieldError[] {
  if (!continuesFrom) return [];
  const lone = continuesSensor ? undefined : 'Must not be given without continuesSensor.';
  return fieldErrors({ continuesFrom: lone ?? pastError(continuesFrom, now) });
}

export function editErrors({ effectiveFrom, reason }: EditOptions, now: Date): FieldError[] {
  return fieldErrors({
    effectiveFrom: effectiveFrom && pastError(effectiveFrom, now),
    reason: reasonError(reason),
  });
}

/** Readings are converted when they come in, so a unit cannot apply to earlier ones. */
export function entryUnitErrors(input: UpdateSensorInput, { effectiveFrom }: EditOptions) {
  const isEarlier = input.entryUnit !== undefined && effectiveFrom !== undefined;
  const message = 'Must not be given with another unit of entry, which applies from now on.';
  return isEarlier ? fieldErrors({ effectiveFrom: message }) : [];
}

export function retirementErrors(
  { at, reason }: { readonly at: Date; readonly reason?: string | undefined },
  now: Date,
  field = 'at',
): FieldError[] {
  return fieldErrors({ [field]: pastError(at, now), reason: reasonError(reason) });
}

/** Refuses a retirement at an instant before the sensor's last ping. @throws InvalidInputError */
export function notBefore(at: Date): (lastPingAt: Date | undefined) => void {
  return (lastPingAt) => {
    if (!lastPingAt || lastPingAt <= at) return;
    throw InvalidInputError.of(
      'at',
      `Must not be before the sensor's last ping, ${lastPingAt.toISOString()}; got ${at.toISOString()}.`,
    );
  };
}

function pastError(instant: Date, now: Date): string | undefined {
  if (Number.isNaN(instant.getTime())) return 'Must be a datetime.';
  return instant > now ? `Must not be in the future; got ${instant.toISOString()}.` : undefined;
}
