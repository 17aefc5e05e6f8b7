import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { ZoneOffsets } from '../../../src/domain/shared/zone-offsets.js';

const ZONES = [
  'UTC',
  'America/Chicago',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Asia/Kolkata',
  'America/St_Johns',
];

test.each(ZONES)('local times in %s are the instants that Temporal finds', (zone) => {
  const offsets = new ZoneOffsets(zone);
  const from = Date.UTC(1970, 0, 1);
  const to = Date.UTC(2037, 0, 1);
  // Around each change of the clocks, in steps of a quarter of an hour, and anywhere.
  const changes: number[] = [];
  let next = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone);
  for (;;) {
    const change = next.getTimeZoneTransition('next');
    if (!change || change.epochMilliseconds > to) break;
    changes.push(change.epochMilliseconds);
    next = change;
  }
  const near = fc
    .tuple(fc.constantFrom(...changes, from), fc.integer({ min: -150, max: 150 }))
    .map(([change, quarters]) => Math.floor(change / 900_000) * 900_000 + quarters * 900_000);
  fc.assert(
    fc.property(fc.oneof(near, fc.integer({ min: from, max: to })), (local) => {
      const plain = Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC');
      const at = (disambiguation: 'earlier' | 'later' | 'compatible') =>
        plain.toPlainDateTime().toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
      const isSkipped = at('compatible') !== at('earlier');
      const expected = isSkipped ? [at('compatible')] : [...new Set([at('earlier'), at('later')])];
      expect(offsets.instantsOf(local)).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});
