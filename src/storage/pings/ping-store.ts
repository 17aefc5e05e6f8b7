import type { Reader } from '../postgres/reader.js';
import type { Database } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { PackedPings, type PackedPing } from './packed-pings.js';
import { lastPings } from './sql/last-pings.js';
import { pingCounts, pingCountsAsOf, pingCountsBetween } from './sql/ping-counts.js';
import { pingPage, pingPageOfAll } from './sql/ping-page.js';
import {
  pingWindow,
  pingWindowAsOf,
  pingWindowWithin,
  pingWindowWithinAsOf,
  type Direction,
} from './sql/ping-window.js';
import { recordedAt } from './sql/recorded-at.js';
import { pingTotalizers } from './sql/totalizers.js';
import type { PingRow } from './ping-row.js';
import { qualityOf } from './quality.js';
import type { PingKey, StoredPing } from './stored-ping.js';
import { readSensor, readSensors } from '../postgres/sensor-reads.js';
import type { TimeRange } from '../postgres/time-range.js';

/** A page of one sensor's pings, newest first, and the count of them all. */
export interface PingPageRows {
  readonly count: number;
  readonly sensor_name: string;
  readonly pings: PackedPing<{ id: number }>[];
}

/** What is stored of a ping beside its value. */
export type PingRecording = Pick<StoredPing, 'recordedAt' | 'quality'>;

interface RecordingRow {
  readonly id: string;
  readonly recorded_at: number;
  readonly quality: number | null;
  readonly [column: string]: unknown;
}

const EVERY_INSTANT = ['-infinity', 'infinity'];
const EARLIEST = new Date('0001-01-01T00:00:00Z');
const LATEST = new Date('+010000-01-01T00:00:00Z');

/** how many pings, of all sensors together, a short read has at most */
const MAX_SHORT_WINDOW = 2000;

/** Reads pings. */
export class PingStore {
  constructor(private readonly database: Database) {}

  /**
   * @param page from 1, null for the last
   * @returns undefined where the account has no such sensor; no pings for a page past the last
   */
  async page(
    reader: Reader,
    sensorId: number,
    range: TimeRange | undefined,
    page: number | null,
    size: number,
  ): Promise<PingPageRows | undefined> {
    const found = await this.pageOf(reader, sensorId, range, page, size);
    if (!found) return undefined;
    // Its summaries count pings that are no longer stored: the list begins where all are.
    const since = found.thinned_until;
    const start = range?.start ?? EARLIEST;
    if (since === null || start.getTime() >= since) return found;
    const end = range?.end ?? LATEST;
    const complete = { start: new Date(Math.min(since, end.getTime())), end };
    return this.pageOf(reader, sensorId, complete, page, size);
  }

  private async pageOf(
    reader: Reader,
    sensorId: number,
    range: TimeRange | undefined,
    page: number | null,
    size: number,
  ): Promise<(PingPageRows & { readonly thinned_until: number | null }) | undefined> {
    const instants = range ? [range.start, range.end].map(instantParameter) : EVERY_INSTANT;
    const [row] = await readSensor<{
      count: number;
      sensor_name: string;
      pings: string | null;
      thinned_until: number | null;
    }>(this.database.reads, reader, range ? pingPage : pingPageOfAll, sensorId, [
      ...[reader.accountId, sensorId, instants, page, size],
    ]);
    return row && { ...row, pings: PackedPings.from(row.pings ?? '').of({ id: sensorId }) };
  }

  last(reader: Reader, sensorIds: readonly number[]): Promise<PingRow[]> {
    return this.database.reads.query(reader, lastPings, [reader.accountId, sensorIds]);
  }

  /**
   * The first `limit` pings of each sensor between two instants, both exclusive, in a direction of
   * time, for each sensor that has any.
   * @param asOf of the pings as they were stored then; undefined: now
   */
  async window(
    reader: Reader,
    sensorIds: readonly number[],
    after: Date,
    before: Date,
    direction: Direction,
    limit: number,
    asOf?: Date,
  ): Promise<Map<number, PackedPings>> {
    const between = [after, before].map(instantParameter);
    const statement = (asOf ? pingWindowAsOf : pingWindow)[direction];
    const isShort = !asOf && sensorIds.length * limit <= MAX_SHORT_WINDOW;
    const rows = await this.database.reads.query<{ sensor_id: number; pings: string }>(
      reader,
      { ...statement, isShort },
      [reader.accountId, sensorIds, ...between, limit, ...(asOf ? [instantParameter(asOf)] : [])],
    );
    return new Map(rows.map(({ sensor_id, pings }) => [sensor_id, PackedPings.from(pings)]));
  }

  /**
   * The same of each sensor between instants of its own, exclusive.
   * @param parts each sensor once
   */
  async windowWithin(
    reader: Reader,
    parts: readonly { readonly id: number; readonly after: Date; readonly before: Date }[],
    direction: Direction,
    limit: number,
    asOf?: Date,
  ): Promise<Map<number, PackedPings>> {
    const rows = await this.database.reads.query<{ sensor_id: number; pings: string }>(
      reader,
      (asOf ? pingWindowWithinAsOf : pingWindowWithin)[direction],
      [
        ...[reader.accountId, parts.map(({ id }) => id)],
        parts.map(({ after }) => instantParameter(after)),
        parts.map(({ before }) => instantParameter(before)),
        ...[limit, ...(asOf ? [instantParameter(asOf)] : [])],
      ],
    );
    return new Map(rows.map(({ sensor_id, pings }) => [sensor_id, PackedPings.from(pings)]));
  }

  /** When pings were recorded and their quality, by id; also those deleted since. */
  async recordings(
    reader: Reader,
    pings: readonly (PingKey & { readonly id: string })[],
  ): Promise<Map<string, PingRecording>> {
    const rows = await this.database.reads.query<RecordingRow>(reader, recordedAt, [
      reader.accountId,
      pings.map(({ sensorId }) => sensorId),
      pings.map(({ datetime }) => instantParameter(datetime)),
      pings.map(({ id }) => id),
    ]);
    return new Map(
      rows.map(({ id, recorded_at, quality }) => {
        return [id, { recordedAt: new Date(recorded_at), quality: qualityOf(quality) }];
      }),
    );
  }

  /** The meters' own totalizers (bbl) of stored pings, by id. */
  async totalizers(
    reader: Reader,
    pings: readonly (PingKey & { readonly id: string })[],
  ): Promise<Map<string, number>> {
    const rows = await this.database.reads.query<{ id: string; totalizer: number }>(
      reader,
      pingTotalizers,
      [
        reader.accountId,
        pings.map(({ sensorId }) => sensorId),
        pings.map(({ datetime }) => instantParameter(datetime)),
        pings.map(({ id }) => id),
      ],
    );
    return new Map(rows.map(({ id, totalizer }) => [id, totalizer]));
  }

  /** @param range half-open; without one all pings count, apart from thinned ones */
  async counts(
    reader: Reader,
    sensorIds: readonly number[],
    range: TimeRange | undefined,
  ): Promise<{ sensor_id: number; count: number }[]> {
    if (range) return this.countsBetween(reader, sensorIds, range);
    const rows = await this.database.reads.query<{
      sensor_id: number;
      count: number;
      thinned_until: number | null;
    }>(reader, pingCounts, [reader.accountId, sensorIds]);
    const thinned = rows.filter(({ thinned_until }) => thinned_until !== null);
    if (thinned.length === 0) return rows;
    const ids = thinned.map(({ sensor_id }) => sensor_id);
    const complete = await this.countsBetween(reader, ids, { start: EARLIEST, end: LATEST });
    return [...rows.filter(({ thinned_until }) => thinned_until === null), ...complete];
  }

  private countsBetween(
    reader: Reader,
    sensorIds: readonly number[],
    { start, end }: TimeRange,
  ): Promise<{ sensor_id: number; count: number }[]> {
    const boundaries = [start, end].map(instantParameter);
    return readSensors(this.database.reads, reader, pingCountsBetween, sensorIds, (ids) => [
      ...[reader.accountId, ids, boundaries],
    ]);
  }

  /** How many pings there were in a half-open range at an instant. */
  countsAsOf(
    reader: Reader,
    sensorIds: readonly number[],
    { start, end }: TimeRange,
    asOf: Date,
  ): Promise<{ sensor_id: number; count: number }[]> {
    const instants = [start, end, asOf].map(instantParameter);
    const values = [reader.accountId, sensorIds, ...instants];
    return this.database.reads.query(reader, pingCountsAsOf, values);
  }
}
