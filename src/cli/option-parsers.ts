import { InvalidArgumentError, Option } from 'commander';
import { MAX_ACCOUNT_NAME } from '../domain/accounts/accounts.js';
import { readNumber } from '../domain/transfer/import-values.js';
import { isRecordId } from '../domain/shared/record-id.js';
import { sensorErrors, type CreateSensorInput } from '../domain/sensors/rules.js';
import { nameError } from '../domain/shared/name-rules.js';
import { parseInstant } from '../domain/shared/time.js';

/*
 * Readers of what is typed. What breaks a rule is wrong usage: commander says
 * which option or argument it is, the value and our sentence.
 */

export function accountName(text: string): string {
  return named(text, MAX_ACCOUNT_NAME);
}

export function named(text: string, maximum: number): string {
  refuse(nameError(text, maximum));
  return text;
}

export function recordId(text: string): number {
  const id = /^\d+$/.test(text) ? Number(text) : NaN;
  refuse(isRecordId(id) ? undefined : 'It must be an id: a whole number from 1 on.');
  return id;
}

export function instant(text: string): Date {
  const found = parseInstant(text);
  if (found) return found;
  throw new InvalidArgumentError('It must be a datetime in ISO 8601, e.g. 2019-02-05T20:41:02Z.');
}

export function futureInstant(text: string): Date {
  const found = instant(text);
  refuse(found.getTime() > Date.now() ? undefined : 'It must be in the future.');
  return found;
}

/** A number that a sensor's field takes. */
export function sensorNumber(
  field: Exclude<keyof CreateSensorInput, 'name' | 'activatedAt'>,
): (text: string) => number {
  return (text) => {
    const number = readNumber(text);
    refuse(number === undefined ? 'It must be a number.' : undefined);
    refuse(sensorErrors({ [field]: number })[0]?.message);
    return number!;
  };
}

/** An option that names an account and must be there. */
export function accountOption(): Option {
  return new Option('--account <name>', 'the account').argParser(accountName).makeOptionMandatory();
}

function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw new InvalidArgumentError(fault);
}
