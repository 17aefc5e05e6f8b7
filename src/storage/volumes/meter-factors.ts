import type { Database } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';
import {
  changedFrom,
  meterFactorHistory,
  NEVER_CHANGED,
  type History,
} from '../sensors/history.js';
import { ALL_START } from '../summaries/sql/level.js';
import { meterFactorChanges, meterFactors } from './sql/meter-factors.js';

/** The meter factors of a sensor over time. */
export type MeterFactors = History<number>;

interface ChangeRow {
  readonly id: number;
  readonly current: number;
  /** null, and all that follows, where the factor never changed */
  readonly before: number | null;
  readonly value: number | null;
  readonly effective_from: number | null;
  readonly recorded_at: number | null;
  readonly [column: string]: unknown;
}

/**
 * The meter factors of sensors by id; with `asOf` as they were known at that instant. Sensors that
 * always had 1 may be missing.
 */
export async function readMeterFactors(
  database: Database,
  reader: Reader,
  sensorIds: readonly number[],
  asOf?: Date,
): Promise<Map<number, MeterFactors>> {
  const values = [reader.accountId, sensorIds];
  if (!asOf) {
    const rows = await database.reads.query<
      { id: number } & Parameters<typeof meterFactorHistory>[0]
    >(reader, meterFactors, values);
    return new Map(rows.map((row) => [row.id, meterFactorHistory(row)]));
  }
  const rows = await database.reads.query<ChangeRow>(reader, meterFactorChanges, values);
  const found = new Map<number, MeterFactors>();
  for (const { id, current, before, value, effective_from, recorded_at } of rows) {
    const known = found.get(id) ?? { ...NEVER_CHANGED, current: before ?? current };
    const isKnown = recorded_at !== null && recorded_at <= asOf.getTime();
    found.set(id, isKnown ? changedTo(known, value!, new Date(effective_from!)) : known);
  }
  return found;
}

function changedTo(known: MeterFactors, value: number, from: Date): MeterFactors {
  return from <= new Date(ALL_START)
    ? { ...NEVER_CHANGED, current: value }
    : changedFrom(known, value, from);
}
