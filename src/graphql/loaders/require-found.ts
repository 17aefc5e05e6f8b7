import { NotFoundError } from '../../domain/shared/errors.js';

/** A sensor that existed when the operation began may be gone by now. */
export function requireFound<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new NotFoundError();
  return value;
}
