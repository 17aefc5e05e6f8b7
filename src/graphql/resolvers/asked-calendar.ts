import { InvalidInputError } from '../../domain/shared/errors.js';
import { calendarNamed } from '../../domain/volumes/calendars.js';
import type { Calendar, VolumeMethod } from '../../domain/volumes/volumes.js';
import type { GraphQLContext } from '../execution/context.js';
import type { CalendarArgs } from '../types/volume-args.js';

/**
 * The calendar that arguments name or describe, and the method; undefined: each sensor's own.
 * @throws InvalidInputError where the account has no such calendar, or both are given
 */
export async function askedCalendar(
  { interval, timeZone, dayStart, method, calendar }: CalendarArgs,
  { calendars }: GraphQLContext,
): Promise<{ calendar: Calendar; method: VolumeMethod | undefined }> {
  const place = { timeZone: timeZone ?? 'UTC', dayStart: dayStart ?? '00:00' };
  if (typeof calendar !== 'string') {
    return { calendar: { interval, ...place }, method: method ?? undefined };
  }
  if (place.timeZone !== 'UTC' || place.dayStart !== '00:00') {
    const field = place.timeZone === 'UTC' ? 'dayStart' : 'timeZone';
    throw InvalidInputError.of(field, 'Must not be given beside calendar, which has one.');
  }
  const named = calendarNamed(await calendars(), calendar);
  return {
    calendar: { interval, timeZone: named.timeZone, dayStart: named.dayStart },
    method: method ?? named.method ?? undefined,
  };
}
