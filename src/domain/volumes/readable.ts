import type { TimeRange } from '../../storage/postgres/time-range.js';
import { InvalidInputError } from '../shared/errors.js';
import { requireScope, type Principal } from '../shared/principal.js';

/** @throws InvalidInputError for a range that ends before it starts */
export function requireReadable(principal: Principal, { start, end }: TimeRange): void {
  requireScope(principal, 'READ');
  if (end < start) throw InvalidInputError.of('end', 'Must not be before start.');
}
