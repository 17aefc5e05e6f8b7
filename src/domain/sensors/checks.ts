import {
  readChecks,
  writeChecks,
  type FlowrateLimits,
  type SensorChecks,
} from '../../storage/sensors/checks.js';
import { InvalidInputError, type FieldError } from '../shared/errors.js';

export {
  readChecks,
  SENSOR_CHECKS,
  type SensorCheck,
  type SensorChecks,
} from '../../storage/sensors/checks.js';

type Given<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** Flowrates in bbl/d; null or absent: the check is off. */
export interface SensorChecksInput {
  readonly frozen?: SensorChecks['frozen'] | null | undefined;
  readonly rateOfChange?: SensorChecks['rateOfChange'] | null | undefined;
  readonly reasonability?: Given<FlowrateLimits> | null | undefined;
  readonly operationalLimit?: Given<FlowrateLimits> | null | undefined;
  readonly lowFlow?: SensorChecks['lowFlow'] | null | undefined;
  readonly duplicate?: boolean | null | undefined;
}

const MAX_FLOWRATE = 1e15;
// Each reading of the sensor is compared with as many before it.
const MAX_FROZEN_READINGS = 1000;
const MAX_FROZEN_SECONDS = 31 * 86_400;

/**
 * The checks as they are stored; null where all are off.
 * @throws InvalidInputError of each field that breaks its rule
 */
export function checksOf(input: SensorChecksInput): string | null {
  const { frozen, rateOfChange, reasonability, operationalLimit, lowFlow, duplicate } = input;
  const [error, ...more] = [
    ...(frozen ? frozenErrors(frozen) : []),
    ...(rateOfChange ? positive('rateOfChange', 'perMinute', rateOfChange.perMinute) : []),
    ...(reasonability ? limitErrors('reasonability', reasonability) : []),
    ...(operationalLimit ? limitErrors('operationalLimit', operationalLimit) : []),
    ...(lowFlow ? positive('lowFlow', 'cutOff', lowFlow.cutOff) : []),
  ];
  if (error) throw new InvalidInputError([error, ...more]);
  return writeChecks({
    ...(frozen && { frozen: { readings: frozen.readings, seconds: frozen.seconds } }),
    ...(rateOfChange && { rateOfChange: { perMinute: rateOfChange.perMinute } }),
    ...(reasonability && { reasonability: limitsOf(reasonability) }),
    ...(operationalLimit && { operationalLimit: limitsOf(operationalLimit) }),
    ...(lowFlow && { lowFlow: { cutOff: lowFlow.cutOff } }),
    ...(duplicate && { duplicate }),
  });
}

/** The checks of a sensor; null where all are off. */
export function checksOfSensor({
  checks,
}: {
  readonly checks: string | null;
}): SensorChecks | null {
  return checks === null ? null : readChecks(checks);
}

function limitsOf({ low, high }: Given<FlowrateLimits>): FlowrateLimits {
  return { low: low ?? null, high: high ?? null };
}

function frozenErrors({ readings, seconds }: NonNullable<SensorChecks['frozen']>): FieldError[] {
  return [
    ...wholeNumber(['frozen', 'readings'], readings, 2, MAX_FROZEN_READINGS),
    ...wholeNumber(['frozen', 'seconds'], seconds, 0, MAX_FROZEN_SECONDS),
  ];
}

function wholeNumber(
  path: readonly string[],
  value: number,
  least: number,
  most: number,
): FieldError[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  return [{ path, message: `Must be a whole number from ${least} to ${most}; got ${value}.` }];
}

function positive(check: string, field: string, value: number): FieldError[] {
  if (value > 0 && value <= MAX_FLOWRATE) return [];
  const message = `Must be greater than 0, and at most ${MAX_FLOWRATE}; got ${value}.`;
  return [{ path: [check, field], message }];
}

function limitErrors(check: string, given: Given<FlowrateLimits>): FieldError[] {
  const { low, high } = limitsOf(given);
  const errors = Object.entries({ low, high }).flatMap(([field, value]): FieldError[] => {
    if (value === null || Math.abs(value) <= MAX_FLOWRATE) return [];
    const message = `Must be from -${MAX_FLOWRATE} to ${MAX_FLOWRATE}; got ${value}.`;
    return [{ path: [check, field], message }];
  });
  if (low === null && high === null) {
    errors.push({ path: [check], message: 'Must have a low or a high limit.' });
  }
  if (low !== null && high !== null && low > high) {
    const message = `Must be at most high, ${high}; got ${low}.`;
    errors.push({ path: [check, 'low'], message });
  }
  return errors;
}
