import { InvalidInputError, NotFoundError, type FieldError } from '../domain/shared/errors.js';
import { isRecordId } from '../domain/shared/record-id.js';
import { parseInstant } from '../domain/shared/time.js';

export const WRONG_DATETIME =
  'Datetime has wrong format. Use one of these formats instead: ' +
  'YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].';

/** @throws NotFoundError where there can be no sensor of that id */
export function sensorId(text: string | undefined): number {
  const id = Number(text);
  if (!isRecordId(id)) throw new NotFoundError();
  return id;
}

/**
 * Reads datetimes by their names; one that is undefined or empty counts as not given.
 * @throws InvalidInputError of each that is none
 */
export function instants<Name extends string>(
  texts: Readonly<Record<Name, string | undefined>>,
): Partial<Record<Name, Date>> {
  const found: Partial<Record<Name, Date>> = {};
  const faults: FieldError[] = [];
  for (const [name, text] of Object.entries(texts) as [Name, string | undefined][]) {
    if (!text) continue;
    const instant = parseInstant(text);
    if (instant) found[name] = instant;
    else faults.push({ path: [name], message: WRONG_DATETIME });
  }
  const [first, ...rest] = faults;
  if (first) throw new InvalidInputError([first, ...rest]);
  return found;
}

/** The last of those given under one name. */
export function last(query: URLSearchParams, name: string): string | undefined {
  return query.getAll(name).at(-1);
}
