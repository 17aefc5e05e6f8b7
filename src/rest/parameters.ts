import { InvalidInputError, NotFoundError, type FieldError } from '../domain/shared/errors.js';
import { isRecordId } from '../domain/shared/record-id.js';
import { parseInstant } from '../domain/shared/time.js';

export const WRONG_DATETIME =
  'Datetime has wrong format. Use one of these formats instead: ' +
  'YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].';

/** @throws NotFoundError where no sensor can have that id */
export function parseSensorId(text: string | undefined): number {
  const id = Number(text);
  if (!isRecordId(id)) throw new NotFoundError();
  return id;
}

/**
 * Reads datetimes by their names; one that is undefined or empty counts as not given.
 * @throws InvalidInputError that names each one in another format
 */
export function parseInstants<Name extends string>(
  texts: Readonly<Record<Name, string | undefined>>,
): Partial<Record<Name, Date>> {
  const found: Partial<Record<Name, Date>> = {};
  const errors: FieldError[] = [];
  for (const [name, text] of Object.entries(texts) as [Name, string | undefined][]) {
    if (!text) continue;
    const instant = parseInstant(text);
    if (instant) found[name] = instant;
    else errors.push({ path: [name], message: WRONG_DATETIME });
  }
  const [first, ...rest] = errors;
  if (first) throw new InvalidInputError([first, ...rest]);
  return found;
}

/**
 * Refuses a parameter that differs from a known one only in case, hyphens or underscores: ignoring
 * it would do what was not asked for. Other unknown parameters are ignored, as in the documented
 * API.
 * @throws InvalidInputError
 */
export function refuseMisspelt(query: URLSearchParams, known: string): void {
  for (const name of query.keys()) {
    if (name === known || plainLetters(name) !== plainLetters(known)) continue;
    throw InvalidInputError.of(name, `Unknown parameter. Did you mean ${known}?`);
  }
}

function plainLetters(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

/** Throws the error again, naming a parameter as it is called here where the domain names its own. */
export function rethrowAs(field: string, name: string): (error: unknown) => never {
  return (error) => {
    const isOfField = error instanceof InvalidInputError && error.errors[0].path[0] === field;
    throw isOfField ? InvalidInputError.of(name, error.message) : error;
  };
}

/** The value of a query parameter; of one given twice the last counts. */
export function queryParameter(query: URLSearchParams, name: string): string | undefined {
  return query.getAll(name).at(-1);
}
