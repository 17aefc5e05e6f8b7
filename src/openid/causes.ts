import { types } from 'node:util';

/** The error and what caused it, the outermost first. */
export function* causesOf(error: unknown): Generator<Error> {
  for (let each = error; types.isNativeError(each); each = each.cause) yield each;
}
