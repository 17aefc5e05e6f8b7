import type { PeriodRow } from '../../storage/periods/period-store.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import { DAY_MS } from '../shared/durations.js';
import { ConflictError, InvalidInputError } from '../shared/errors.js';
import { reasonError } from '../shared/name-rules.js';
import { formatInstant } from '../shared/time.js';
import type { SensorFigures } from './period-figures.js';

/** The period to close. */
export interface CloseInput {
  readonly end: Date;
  /** of the first period of a group; undefined: it begins where the last one ended */
  readonly start?: Date | undefined;
  /** whether it is closed although readings may still come */
  readonly force?: boolean | undefined;
  /** required with `force` */
  readonly reason?: string | undefined;
}

export const MAX_PERIOD_DAYS = 366;
export const MAX_SENSOR_DAYS = 100_000;
const MAX_NAMED = 5;

/** @throws InvalidInputError of the first field that breaks its rule */
export function rangeToClose(
  { start, end, force, reason }: CloseInput,
  last: PeriodRow | undefined,
  now: Date,
): TimeRange {
  const error = reasonError(reason);
  if (error) refuse('reason', error);
  if (force && reason === undefined) refuse('reason', 'Is required with force.');
  if (last && start && start.getTime() !== last.end.getTime()) {
    refuse(
      'start',
      `The group’s last period ended at ${formatInstant(last.end)}, where the next one starts; got ${formatInstant(start)}.`,
    );
  }
  const from = last?.end ?? start;
  if (!from) refuse('start', 'Is required for the first period of a group.');
  if (!(end > from)) {
    refuse('end', `Must be after the start, ${formatInstant(from)}; got ${formatInstant(end)}.`);
  }
  if (end > now) {
    refuse(
      'end',
      `Must not be in the future: the server’s clock shows ${formatInstant(now)}; got ${formatInstant(end)}.`,
    );
  }
  const days = (end.getTime() - from.getTime()) / DAY_MS;
  if (days > MAX_PERIOD_DAYS + 1) {
    refuse('end', `A period has at most ${MAX_PERIOD_DAYS} days; got ${Math.ceil(days)}.`);
  }
  return { start: from, end };
}

/** @throws InvalidInputError where an end of the period lies within a day */
export function requireDayBoundary(
  field: 'start' | 'end',
  instant: Date,
  isWithin: boolean,
  { timeZone, dayStart }: { readonly timeZone: string; readonly dayStart: string },
): void {
  if (!isWithin) return;
  refuse(
    field,
    `Must be the start of a day of the group’s calendar, ${dayStart} in ${timeZone}; got ${formatInstant(instant)}.`,
  );
}

/** @throws ConflictError naming the sensors of which readings may still come */
export function requireComplete(sensors: readonly SensorFigures[]): void {
  const open = sensors.filter(({ isComplete }) => !isComplete).map(({ sensor }) => sensor.id);
  if (open.length === 0) return;
  const more = open.length > MAX_NAMED ? ` and ${open.length - MAX_NAMED} more` : '';
  const ids = open.slice(0, MAX_NAMED).join(', ');
  throw new ConflictError(
    `Readings up to the end of the period are missing of flow sensor ${ids}${more}: none is stored at the end or after it. Record them, retire the sensor, or close with force and a reason.`,
  );
}

/** @throws ConflictError where readings of the period are flagged */
export function requireWorkedOff(openFlags: number): void {
  if (openFlags === 0) return;
  throw new ConflictError(
    `${openFlags === 1 ? 'One reading' : `${openFlags} readings`} of the period failed checks and ${openFlags === 1 ? 'is' : 'are'} not worked off: accept or reject the flags, or close with force and a reason.`,
  );
}

/** @throws ConflictError where another period of the group is closed after it */
export function requireLast(period: PeriodRow, last: PeriodRow | undefined): void {
  if (last?.id === period.id) return;
  if (!last || last.end <= period.start) {
    throw new ConflictError(`Period ${period.id} has been reopened already.`);
  }
  throw new ConflictError(
    `Only the last closed period of a group can be reopened, which is period ${last.id}.`,
  );
}

function refuse(field: string, message: string): never {
  throw InvalidInputError.of(field, message);
}
