import type { Database, Statement } from '../postgres/database.js';
import { logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Reader } from '../postgres/reader.js';
import type { VolumeMethod } from './volume-store.js';

/** A calendar of an account as it is stored; `day_start` as HH:MM. */
export interface CalendarRow {
  readonly name: string;
  readonly timeZone: string;
  readonly dayStart: string;
  /** null: each sensor's own */
  readonly method: VolumeMethod | null;
  readonly volumeUnit: string;
  readonly flowrateUnit: string;
}

interface CalendarUses {
  readonly sensors: boolean;
  readonly groups: boolean;
  readonly [column: string]: unknown;
}

const COLUMNS = `name, time_zone AS "timeZone", day_start AS "dayStart", method,
  volume_unit AS "volumeUnit", flowrate_unit AS "flowrateUnit"`;

/** $1 int account id */
const listCalendars: Statement = {
  name: 'list_calendars',
  text: `SELECT ${COLUMNS} FROM volume_calendar WHERE account_id = $1 ORDER BY name`,
};

/** $1 int account id, $2 text name, then the calendar, $8 int how many an account may have */
const saveCalendar: Statement = {
  name: 'save_calendar',
  text: `
    INSERT INTO volume_calendar
      (account_id, name, time_zone, day_start, method, volume_unit, flowrate_unit)
    SELECT $1, $2, $3, $4, $5::volume_method, $6, $7
    WHERE (SELECT count(*) FROM volume_calendar WHERE account_id = $1 AND name <> $2) < $8
    ON CONFLICT (account_id, name) DO UPDATE SET time_zone = $3, day_start = $4,
      method = $5::volume_method, volume_unit = $6, flowrate_unit = $7
    RETURNING name`,
};

/** $1 int account id, $2 text name */
const deleteCalendar: Statement = {
  name: 'delete_calendar',
  text: 'DELETE FROM volume_calendar WHERE account_id = $1 AND name = $2 RETURNING name',
};

/** Whether sensors, and whether groups have it. $1 int account id, $2 text name */
const usesOfCalendar: Statement = {
  name: 'uses_of_calendar',
  text: `
    SELECT EXISTS (SELECT 1 FROM flow_sensor WHERE account_id = $1 AND calendar = $2) AS sensors,
      EXISTS (SELECT 1 FROM sensor_group WHERE account_id = $1 AND calendar = $2) AS groups`,
};

export class CalendarStore {
  constructor(private readonly database: Database) {}

  list(reader: Reader): Promise<CalendarRow[]> {
    return this.database.reads.query(reader, listCalendars, [reader.accountId]);
  }

  /** @returns whether it was saved: not if the account has `maximum` others */
  save(
    accountId: number,
    calendar: CalendarRow,
    maximum: number,
    audit: AuditEntry,
  ): Promise<boolean> {
    const { name, timeZone, dayStart, method, volumeUnit, flowrateUnit } = calendar;
    const values = [accountId, name, timeZone, dayStart, method, volumeUnit, flowrateUnit, maximum];
    return this.change(saveCalendar, values, audit);
  }

  /** @returns whether there was one */
  delete(accountId: number, name: string, audit: AuditEntry): Promise<boolean> {
    return this.change(deleteCalendar, [accountId, name], audit);
  }

  /** Whether any sensor, and whether any group has the calendar. */
  async uses(reader: Reader, name: string): Promise<CalendarUses> {
    const values = [reader.accountId, name];
    const [row] = await this.database.reads.query<CalendarUses>(reader, usesOfCalendar, values);
    return row!;
  }

  private change(statement: Statement, values: unknown[], audit: AuditEntry): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const isChanged = (await transaction.query(statement, values)).length > 0;
      if (isChanged) await logEvent(transaction, audit);
      return isChanged;
    });
  }
}
