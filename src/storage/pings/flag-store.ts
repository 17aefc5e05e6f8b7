import { int4Array, int8Array } from '../postgres/binary-array.js';
import type { Database, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { Reader } from '../postgres/reader.js';
import type { Finding } from './flag-pings.js';
import {
  flagCount,
  flagsToResolve,
  flagWindow,
  resolveFlags,
  type FlagFilter,
  type FlagStatus,
  type FlagWindow,
} from './sql/flags.js';

export { FLAG_STATUSES, type FlagFilter, type FlagStatus, type FlagWindow } from './sql/flags.js';

/** A flag as it is stored; instants in milliseconds since 1970, flowrate bbl/d. */
export interface FlagRow {
  readonly sensor_id: number;
  readonly id: string;
  readonly at: number;
  readonly ping_id: string;
  readonly flowrate: number;
  readonly findings: readonly Finding[];
  readonly status: FlagStatus;
  readonly flagged_at: number;
  readonly resolved_at: number | null;
  readonly resolved_by: string | null;
  readonly comment: string | null;
}

type Row = FlagRow & Record<string, unknown>;

/** What a flag is found by. */
export interface FlagKey {
  readonly sensorId: number;
  readonly id: string;
}

/** How flags are resolved, by whom. */
export interface FlagResolution {
  readonly status: FlagStatus;
  readonly by: string;
  readonly comment: string | null;
}

/** Reads flags of readings, and resolves them; the latter needs their sensors' locks. */
export class FlagStore {
  constructor(private readonly database: Database) {}

  /** From the newest or from the oldest one on. */
  window(reader: Reader, filter: FlagFilter, window: FlagWindow): Promise<FlagRow[]> {
    const { statement, values } = flagWindow(reader.accountId, filter, window);
    return this.database.reads.query<Row>(reader, statement, values);
  }

  async count(reader: Reader, filter: FlagFilter): Promise<number> {
    const { statement, values } = flagCount(reader.accountId, filter);
    const [row] = await this.database.reads.query<{ count: number }>(reader, statement, values);
    return row?.count ?? 0;
  }

  /** Those of the flags that exist. */
  find(transaction: Transaction, keys: readonly FlagKey[]): Promise<FlagRow[]> {
    return transaction.query<Row>(flagsToResolve, columns(keys));
  }

  /** @returns the flags as they are now */
  resolve(
    transaction: Transaction,
    keys: readonly FlagKey[],
    { status, by, comment }: FlagResolution,
    at: Date,
  ): Promise<FlagRow[]> {
    const values = [...columns(keys), status, by, comment, instantParameter(at)];
    return transaction.query<Row>(resolveFlags, values);
  }
}

function columns(keys: readonly FlagKey[]): [Buffer, Buffer] {
  return [int4Array(keys.map(({ sensorId }) => sensorId)), int8Array(keys.map(({ id }) => id))];
}
