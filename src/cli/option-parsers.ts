import { InvalidArgumentError, Option } from 'commander';
import { MAX_ACCOUNT_NAME } from '../domain/accounts/accounts.js';
import { readNumber } from '../domain/transfer/import/numbers.js';
import { MAX_PROFILE_NAME } from '../domain/transfer/import/profiles.js';
import { isRecordId } from '../domain/shared/record-id.js';
import { sensorErrors, type CreateSensorInput } from '../domain/sensors/rules.js';
import { nameError, reasonError } from '../domain/shared/name-rules.js';
import { parseInstant } from '../domain/shared/time.js';
import { requireTimeZone } from '../domain/shared/time-zone.js';
import { FLOWRATE_UNITS, type FlowrateUnit } from '../domain/shared/units.js';

/*
 * Parsers of options and arguments. A value that breaks a rule is wrong usage: commander prints the
 * option or argument, the value and the sentence given here.
 */

export function accountName(text: string): string {
  return nameOf(text, MAX_ACCOUNT_NAME);
}

export function nameOf(text: string, maximum: number): string {
  refuse(nameError(text, maximum));
  return text;
}

export function recordId(text: string): number {
  const id = /^\d+$/.test(text) ? Number(text) : NaN;
  refuse(isRecordId(id) ? undefined : 'It must be an id: a positive whole number.');
  return id;
}

export function seconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  refuse(Number.isFinite(value) ? undefined : 'It must be a number of seconds, 0 or more.');
  return value;
}

export function instant(text: string): Date {
  const parsed = parseInstant(text);
  if (parsed) return parsed;
  throw new InvalidArgumentError('It must be an ISO 8601 datetime, e.g. 2019-02-05T20:41:02Z.');
}

export function futureInstant(text: string): Date {
  const parsed = instant(text);
  refuse(parsed.getTime() > Date.now() ? undefined : 'It must be in the future.');
  return parsed;
}

/** Parses a number that a sensor's field accepts. */
export function sensorNumber(
  field: Exclude<keyof CreateSensorInput, 'name' | 'activatedAt'>,
): (text: string) => number {
  return ruledNumber((value) => sensorErrors({ [field]: value })[0]?.message);
}

/** Parses a number of which the rule finds nothing wrong. */
export function ruledNumber(
  errorOf: (value: number) => string | undefined,
): (text: string) => number {
  return (text) => {
    const number = readNumber(text);
    if (number === undefined) throw new InvalidArgumentError('It must be a number.');
    refuse(errorOf(number));
    return number;
  };
}

export function tags(text: string): string[] {
  const found = text.trim() === '' ? [] : text.split(',').map((tag) => tag.trim());
  refuse(sensorErrors({ tags: found })[0]?.message);
  return found;
}

/** What the history keeps with changes of stored pings. */
export function comment(text: string): string {
  refuse(reasonError(text));
  return text;
}

/** The name of a time zone. */
export function timeZone(text: string): string {
  try {
    requireTimeZone(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

export function unit(text: string): FlowrateUnit {
  const found = FLOWRATE_UNITS.find((each) => each.toLowerCase() === text.toLowerCase());
  if (found) return found;
  throw new InvalidArgumentError(`Allowed choices are ${FLOWRATE_UNITS.join(', ')}.`);
}

export function profileName(text: string): string {
  return nameOf(text, MAX_PROFILE_NAME);
}

/** The mandatory option that names an account. */
export function accountOption(): Option {
  return new Option('--account <name>', 'name of the account')
    .argParser(accountName)
    .makeOptionMandatory();
}

function refuse(error: string | undefined): void {
  if (error !== undefined) throw new InvalidArgumentError(error);
}
