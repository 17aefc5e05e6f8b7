import type { CalendarStore } from '../../storage/volumes/calendar-store.js';
import type { VolumeMethod } from '../../storage/volumes/volume-store.js';
import { auditEntry } from '../shared/audit.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../shared/errors.js';
import { nameError } from '../shared/name-rules.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { requireTimeZone } from '../shared/time-zone.js';
import { BARREL_UNITS, isFlowrateUnit, isVolumeUnit, type DisplayUnits } from '../shared/units.js';
import { requireDayStart } from './calendar.js';

/**
 * Days, weeks and months as an account counts them: in a zone, from a local time of day, with a
 * method (null: each sensor's own), shown in units.
 */
export interface NamedCalendar extends DisplayUnits {
  readonly name: string;
  /** IANA name */
  readonly timeZone: string;
  /** `HH:MM` */
  readonly dayStart: string;
  readonly method: VolumeMethod | null;
}

export type CalendarInput = Pick<NamedCalendar, 'name' | 'timeZone'> & {
  readonly dayStart?: string | undefined;
  readonly method?: VolumeMethod | null | undefined;
} & Partial<DisplayUnits>;

const MAX_CALENDARS = 100;
const MAX_NAME = 100;

/** The named calendars of an account. Reading needs READ, changing ADMIN. */
export class Calendars {
  constructor(private readonly store: CalendarStore) {}

  /** By name. */
  async list(principal: Principal): Promise<NamedCalendar[]> {
    requireScope(principal, 'READ');
    const rows = await this.store.list(principal);
    return rows.map(({ volumeUnit, flowrateUnit, ...row }) => ({
      ...row,
      // A unit of a later version, after a return to this one.
      volumeUnit: isVolumeUnit(volumeUnit) ? volumeUnit : BARREL_UNITS.volumeUnit,
      flowrateUnit: isFlowrateUnit(flowrateUnit) ? flowrateUnit : BARREL_UNITS.flowrateUnit,
    }));
  }

  /** @throws InvalidInputError of `calendar` where the account has none of that name */
  async require(principal: Principal, name: string): Promise<NamedCalendar> {
    return calendarNamed(await this.list(principal), name);
  }

  /**
   * Creates a calendar, or replaces the one of that name.
   * @throws InvalidInputError; ConflictError where the account has too many
   */
  async save(principal: Principal, input: CalendarInput): Promise<NamedCalendar> {
    requireScope(principal, 'ADMIN');
    const { name, timeZone, dayStart = '00:00', method = null } = input;
    const error = nameError(name, MAX_NAME);
    if (error) throw InvalidInputError.of('name', error);
    requireTimeZone(timeZone);
    requireDayStart(dayStart);
    const { volumeUnit, flowrateUnit } = { ...BARREL_UNITS, ...input };
    const calendar = { name, timeZone, dayStart, method, volumeUnit, flowrateUnit };
    const audit = auditEntry(principal, 'CALENDAR_SAVED', { type: 'ACCOUNT', name }, calendar);
    if (!(await this.store.save(principal.accountId, calendar, MAX_CALENDARS, audit))) {
      throw new ConflictError(`The account has ${MAX_CALENDARS} calendars, which is the maximum.`);
    }
    return calendar;
  }

  /**
   * @throws NotFoundError where there is none of that name; ConflictError where sensors or groups have it
   */
  async delete(principal: Principal, name: string): Promise<void> {
    requireScope(principal, 'ADMIN');
    if (nameError(name, MAX_NAME)) throw new NotFoundError();
    const { sensors, groups } = await this.store.uses(principal, name);
    if (sensors || groups) {
      throw new ConflictError(
        `${sensors ? 'Sensors' : 'Groups of sensors'} have the calendar ${JSON.stringify(name)}: give them another one first.`,
      );
    }
    const audit = auditEntry(principal, 'CALENDAR_DELETED', { type: 'ACCOUNT', name });
    if (!(await this.store.delete(principal.accountId, name, audit))) throw new NotFoundError();
  }
}

/** @throws InvalidInputError where there is none of that name */
export function calendarNamed(calendars: readonly NamedCalendar[], name: string): NamedCalendar {
  const found = calendars.find((calendar) => calendar.name === name);
  if (found) return found;
  const known = calendars.map((calendar) => JSON.stringify(calendar.name)).join(', ') || 'none';
  throw InvalidInputError.of(
    'calendar',
    `Must be the name of a calendar of the account (${known}); got ${JSON.stringify(name.slice(0, MAX_NAME))}.`,
  );
}
