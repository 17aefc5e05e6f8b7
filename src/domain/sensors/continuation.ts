import type { ContinuationCandidate } from '../../storage/sensors/continuation-store.js';
import { InvalidInputError } from '../shared/errors.js';
import { formatInstant } from '../shared/time.js';

/**
 * From when on a sensor continues another one.
 * @param asked undefined: right after the last ping of the earlier one; from its retirement where
 * that is later
 * @throws InvalidInputError where the account does not have the earlier sensor, another one continues
 * it already, they would form a cycle, or the instants of three in a row would not ascend
 */
export function continuedFrom(
  id: number,
  earlierId: number,
  asked: Date | undefined,
  { earlier, links }: ContinuationCandidate,
): Date {
  if (!earlier) throw refused(`The account has no flow sensor with the id ${earlierId}.`);
  const byId = new Map(links.map((link) => [link.id, link]));
  for (let at: number | undefined = earlierId; at; at = byId.get(at)?.continuesSensorId) {
    if (at !== id) continue;
    throw refused(
      earlierId === id
        ? 'A flow sensor cannot continue itself.'
        : `Flow sensor ${earlierId} continues flow sensor ${id} already.`,
    );
  }
  const other = links.find((link) => link.continuesSensorId === earlierId && link.id !== id);
  if (other) throw refused(`Flow sensor ${other.id} continues flow sensor ${earlierId} already.`);
  const from = asked ?? defaultFrom(earlier);
  if (!from) {
    throw InvalidInputError.of(
      'continuesFrom',
      `Must be given, because flow sensor ${earlierId} has no pings and is not retired.`,
    );
  }
  const before = byId.get(earlierId);
  if (before && from <= before.continuesFrom) throw outOfOrder(from, 'after', before);
  const after = links.find((link) => link.continuesSensorId === id);
  if (after && from >= after.continuesFrom) throw outOfOrder(from, 'before', after);
  return from;
}

function defaultFrom({
  retiredAt,
  lastPingAt,
}: NonNullable<ContinuationCandidate['earlier']>): Date | undefined {
  const afterLast = lastPingAt ? new Date(lastPingAt.getTime() + 1) : undefined;
  if (!retiredAt) return afterLast;
  return afterLast && afterLast > retiredAt ? afterLast : retiredAt;
}

function refused(message: string): InvalidInputError {
  return InvalidInputError.of('continuesSensor', message);
}

function outOfOrder(
  from: Date,
  order: 'before' | 'after',
  { id, continuesSensorId, continuesFrom }: ContinuationCandidate['links'][number],
): InvalidInputError {
  return InvalidInputError.of(
    'continuesFrom',
    `Must be ${order} ${formatInstant(continuesFrom)}, from when on flow sensor ${id} continues flow sensor ${continuesSensorId}; got ${formatInstant(from)}.`,
  );
}
