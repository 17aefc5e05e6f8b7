import { int8Array, timestamptzArray } from '../postgres/binary-array.js';
import type { Database, Pipeline } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { Reader } from '../postgres/reader.js';
import type { TimeRange } from '../postgres/time-range.js';
import { findLastBad } from '../summaries/sql/last-bad.js';
import { clearInstants } from '../summaries/sql/refresh-summaries.js';
import { columns, earliestOfHours, refresh } from './write-changes.js';
import { pingOf, type PingRow } from './ping-row.js';
import { qualityOf } from './quality.js';
import type { PingKey, RevisionCause, StoredPing } from './stored-ping.js';
import {
  logReversal,
  logSubstitution,
  pingMethods,
  removePings,
  replacedPings,
  replacedReadings,
  storedSubstitutes,
  substitution,
  substitutions,
  surroundingPings,
} from './sql/substitutions.js';

export const SUBSTITUTION_METHODS = [
  ...(['LINEAR_INTERPOLATION', 'AVERAGE', 'REPLACE', 'EQUAL_SPREAD'] as const),
] as const;
export type SubstitutionMethod = (typeof SUBSTITUTION_METHODS)[number];

/** A substitution as it is stored; instants in milliseconds since 1970. */
export interface SubstitutionRow {
  readonly sensor_id: number;
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly method: SubstitutionMethod;
  readonly value: number | null;
  readonly calculation: Readonly<Record<string, unknown>>;
  readonly replaced: number;
  readonly substitutes: number;
  readonly reason_code: string;
  readonly comment: string | null;
  readonly made_by: string;
  readonly made_at: number;
  readonly reversed_by: string | null;
  readonly reversed_at: number | null;
  readonly reversal_reason_code: string | null;
  readonly reversal_comment: string | null;
  readonly [column: string]: unknown;
}

/** What a substitution does to its sensor. */
export interface SubstitutionEntry extends TimeRange {
  readonly sensorId: number;
  readonly method: SubstitutionMethod;
  readonly value: number | null;
  readonly calculation: object;
  readonly replacedIds: readonly string[];
  readonly substitutes: readonly StoredPing[];
}

export interface PingMethodRow {
  readonly id: string;
  readonly method: SubstitutionMethod | null;
  readonly is_edited: boolean;
  readonly [column: string]: unknown;
}

/** A reading that is no ping at present. */
export type ReplacedReading = Pick<StoredPing, 'datetime' | 'flowrate' | 'quality' | 'totalizer'>;

/** Reads and writes substitutions; what writes needs the sensor's lock. */
export class SubstitutionStore {
  constructor(private readonly database: Database) {}

  /** The newest of each sensor. */
  newest(reader: Reader, sensorIds: readonly number[], take: number): Promise<SubstitutionRow[]> {
    const values = [reader.accountId, sensorIds, take];
    return this.database.reads.query<SubstitutionRow>(reader, substitutions, values);
  }

  methods(
    reader: Reader,
    pings: readonly (PingKey & { readonly id: string })[],
  ): Promise<PingMethodRow[]> {
    return this.database.reads.query<PingMethodRow>(reader, pingMethods, [
      reader.accountId,
      pings.map(({ sensorId }) => sensorId),
      pings.map(({ datetime }) => instantParameter(datetime)),
      pings.map(({ id }) => id),
    ]);
  }

  /** The last reading before a range that counts, and the first one at or after its end. */
  async surrounding(
    transaction: Pipeline,
    sensorId: number,
    { start, end }: TimeRange,
  ): Promise<{ before: StoredPing | undefined; after: StoredPing | undefined }> {
    const values = [sensorId, instantParameter(start), instantParameter(end)];
    const found = (await transaction.query<PingRow & Row>(surroundingPings, values)).map(pingOf);
    return {
      before: found.find(({ datetime }) => datetime < start),
      after: found.find(({ datetime }) => datetime >= end),
    };
  }

  /** The ids of a range's pings, and whether there is one at its end. */
  async replaced(
    transaction: Pipeline,
    sensorId: number,
    { start, end }: TimeRange,
  ): Promise<{ ids: string[]; isEndTaken: boolean }> {
    const values = [sensorId, instantParameter(start), instantParameter(end)];
    const [row] = await transaction.query<{ ids: string[]; is_end_taken: boolean }>(
      replacedPings,
      values,
    );
    return { ids: row?.ids ?? [], isEndTaken: row?.is_end_taken ?? false };
  }

  async log(
    transaction: Pipeline,
    entry: SubstitutionEntry,
    { by, reasonCode, comment }: RevisionCause,
    at: Date,
  ): Promise<SubstitutionRow> {
    const { sensorId, start, end, method, value, calculation, replacedIds, substitutes } = entry;
    const [row] = await transaction.query<SubstitutionRow>(logSubstitution, [
      ...[sensorId, instantParameter(start), instantParameter(end), method, value],
      ...[JSON.stringify(calculation), int8Array(replacedIds), reasonCode, comment, by],
      instantParameter(at),
      timestamptzArray(substitutes.map(({ datetime }) => datetime)),
      int8Array(substitutes.map(({ id }) => id)),
    ]);
    return row!;
  }

  /** Undefined where the sensor has none of that id. */
  async find(
    transaction: Pipeline,
    sensorId: number,
    id: string,
  ): Promise<SubstitutionRow | undefined> {
    return (await transaction.query<SubstitutionRow>(substitution, [sensorId, id]))[0];
  }

  /** The substitutes that are still stored and have not been corrected, by datetime. */
  async stored(transaction: Pipeline, sensorId: number, id: string): Promise<StoredPing[]> {
    return (await transaction.query<PingRow & Row>(storedSubstitutes, [sensorId, id])).map(pingOf);
  }

  /** Deletes pings of one sensor; the history keeps them. */
  remove(
    transaction: Pipeline,
    sensorId: number,
    pings: readonly PingKey[],
    { by, reasonCode, comment }: RevisionCause,
    at: Date,
  ): void {
    const instants = timestamptzArray(pings.map(({ datetime }) => datetime));
    const cause = [by, reasonCode, comment, instantParameter(at)];
    transaction.send(removePings, [sensorId, instants, ...cause]);
    const hours = earliestOfHours(pings);
    transaction.send(clearInstants, columns(hours));
    transaction.send(findLastBad, [sensorId]);
    refresh(transaction, hours);
  }

  /** What a substitution replaced, at instants that are free now. */
  async replacedReadings(
    transaction: Pipeline,
    sensorId: number,
    id: string,
  ): Promise<ReplacedReading[]> {
    const rows = await transaction.query<ReplacedRow>(replacedReadings, [sensorId, id]);
    return rows.map(({ at, flowrate, quality, totalizer }) => ({
      ...{ datetime: new Date(at), flowrate, quality: qualityOf(quality) },
      ...(totalizer !== null && { totalizer }),
    }));
  }

  async logReversal(
    transaction: Pipeline,
    sensorId: number,
    id: string,
    { by, reasonCode, comment }: RevisionCause,
    at: Date,
  ): Promise<SubstitutionRow> {
    const values = [sensorId, id, by, instantParameter(at), reasonCode, comment];
    return (await transaction.query<SubstitutionRow>(logReversal, values))[0]!;
  }
}

interface ReplacedRow {
  readonly at: number;
  readonly flowrate: number;
  readonly quality: number | null;
  readonly totalizer: number | null;
  readonly [column: string]: unknown;
}

type Row = Record<string, unknown>;
