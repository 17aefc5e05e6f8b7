import type { Request } from 'express';
import { InvalidInputError } from '../../domain/shared/errors.js';
import { parseInstant } from '../../domain/shared/time.js';

export function required(request: Request, name: string): Date {
  const found = instant(request, name);
  if (!found) throw InvalidInputError.of(name, `${name} is required: an instant in ISO 8601.`);
  return found;
}

export function instant(request: Request, name: string): Date | undefined {
  const text = parameter(request, name);
  if (text === undefined) return undefined;
  const found = parseInstant(text);
  if (!found) throw InvalidInputError.of(name, `${name} must be an instant in ISO 8601.`);
  return found;
}

export function unit<Unit extends string>(
  request: Request,
  name: string,
  units: readonly Unit[],
): Unit | undefined {
  const text = parameter(request, name);
  if (text === undefined) return undefined;
  const found = units.find((each) => each.toLowerCase() === text.toLowerCase());
  if (found) return found;
  throw InvalidInputError.of(name, `${name} must be one of ${units.join(', ')}.`);
}

/** An empty one counts as not given; of one given twice the last counts. */
export function parameter({ query }: Request, name: string): string | undefined {
  const value = [query[name]].flat().at(-1);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
