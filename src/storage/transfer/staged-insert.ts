/** Numbers of pings by their sensor. */
export type PingsBySensor = ReadonlyMap<number, number>;

/** The number of new pings, and ids between which theirs lie and those of no other staged ping. */
export interface StagedInsert {
  readonly count: number;
  /** undefined where all of the staged ones are new */
  readonly bySensor: PingsBySensor | undefined;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

export interface CountRow extends Record<string, unknown> {
  readonly sensor_id: number;
  readonly count: number;
}

export interface InsertedRow extends CountRow {
  readonly first_id: string;
  readonly last_id: string;
}

export function countsOf(rows: readonly CountRow[]): PingsBySensor {
  return new Map(rows.map(({ sensor_id, count }) => [sensor_id, count]));
}

/** @param rows one for each sensor that has new pings */
export function insertOf(rows: readonly InsertedRow[]): StagedInsert {
  const ids = (of: 'first_id' | 'last_id') =>
    rows.map((row) => BigInt(row[of])).sort((a, b) => (a < b ? -1 : 1));
  return {
    count: rows.reduce((total, { count }) => total + count, 0),
    bySensor: countsOf(rows),
    first_id: ids('first_id')[0]?.toString() ?? null,
    last_id: ids('last_id').at(-1)?.toString() ?? null,
  };
}
