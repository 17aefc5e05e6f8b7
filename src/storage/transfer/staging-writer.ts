import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import { writeInstant } from '../postgres/binary-instant.js';
import type { Transaction } from '../postgres/database.js';
import { SEVERITIES, type Quality } from '../pings/quality.js';

// The binary format saves PostgreSQL from parsing a datetime for each row: a third of its time.
// https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
const ROW_BYTES = 2 + (4 + 4) + (4 + 8) + (4 + 8) + (4 + 4);
const QUALITY_BYTES = 4 + 2;
const TOTALIZER_BYTES = 4 + 8;
const MAX_ROW_BYTES = ROW_BYTES + QUALITY_BYTES + TOTALIZER_BYTES;
/** In place of a length. */
const NULL = -1;
const BUFFER_BYTES = 1724 * ROW_BYTES;

export const CREATE_STAGED = `
  CREATE TEMPORARY TABLE staged_ping (
    sensor_id int NOT NULL, datetime timestamptz(3) NOT NULL, flowrate float8 NOT NULL, index int NOT NULL,
    quality smallint, totalizer float8
  ) ON COMMIT DROP`;

/** What pings have beside their flowrates; each takes a tenth more bytes, or two. */
export interface StagedColumns {
  readonly hasQuality: boolean;
  readonly hasTotalizer: boolean;
}

/** Writes pings into the transaction's temporary table `staged_ping`, in constant memory. */
export class StagingWriter {
  private buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private used = 0;
  private failure: Error | undefined;
  private firsts: Map<number, number> | undefined = new Map();
  /** of the last ping that was added */
  private sensorId = 0;
  private last = { time: NaN };
  private readonly lasts = new Map<number, { time: number }>();
  private repeatsPossible = false;
  private added = 0;

  private constructor(
    private readonly copy: CopyStreamQuery,
    readonly columns: StagedColumns,
  ) {
    copy.on('error', (error: Error) => (this.failure ??= error));
    copy.write(SIGNATURE);
  }

  static async open({ client }: Transaction, columns: StagedColumns): Promise<StagingWriter> {
    await client.query(CREATE_STAGED);
    const names = [
      ...['sensor_id', 'datetime', 'flowrate', 'index'],
      ...(columns.hasQuality ? ['quality'] : []),
      ...(columns.hasTotalizer ? ['totalizer'] : []),
    ].join(', ');
    const copy = copyFrom(`COPY staged_ping (${names}) FROM STDIN (FORMAT binary)`);
    return new StagingWriter(client.query(copy), columns);
  }

  /**
   * @param time milliseconds since 1970
   * @param flowrate bbl/d
   * @param index identifies the ping in conflicts, e.g. the line of the file
   * @param quality undefined where the file says nothing of it
   * @param totalizer bbl; undefined where the file says nothing of it
   */
  add(
    sensorId: number,
    time: number,
    flowrate: number,
    index: number,
    quality?: Quality,
    totalizer?: number,
  ): void {
    this.added++;
    this.trackOrder(sensorId, time);
    if (this.used > BUFFER_BYTES - MAX_ROW_BYTES) this.flush();
    const { buffer } = this;
    const { hasQuality, hasTotalizer } = this.columns;
    let at = this.used;
    at = buffer.writeInt16BE(4 + Number(hasQuality) + Number(hasTotalizer), at);
    at = buffer.writeInt32BE(4, at);
    at = buffer.writeInt32BE(sensorId, at);
    at = buffer.writeInt32BE(8, at);
    at = writeInstant(buffer, time, at);
    at = buffer.writeInt32BE(8, at);
    at = buffer.writeDoubleBE(flowrate, at);
    at = buffer.writeInt32BE(4, at);
    at = buffer.writeInt32BE(index, at);
    if (hasQuality) at = writeQuality(buffer, quality, at);
    if (hasTotalizer) at = writeTotalizer(buffer, totalizer, at);
    this.used = at;
  }

  get count(): number {
    return this.added;
  }

  /**
   * The time of each sensor's first ping, in milliseconds since 1970; undefined unless each
   * sensor's pings were added together, in strictly ascending order of time.
   */
  get firstTimes(): ReadonlyMap<number, number> | undefined {
    return this.firsts;
  }

  /**
   * Whether two pings may be of one instant; false where each sensor's were added in ascending
   * order.
   */
  get mayRepeat(): boolean {
    return this.repeatsPossible;
  }

  /**
   * Waits while PostgreSQL is slower than the writer. @throws PostgreSQL's error where it refused a
   * row
   */
  async drain(): Promise<void> {
    if (this.failure) throw this.failure;
    if (this.copy.writableNeedDrain) await once(this.copy, 'drain');
  }

  async close(): Promise<void> {
    this.flush();
    this.copy.end(TRAILER);
    await finished(this.copy);
  }

  /** Discards what was added; the transaction can only be rolled back after this. */
  async abort(reason: Error): Promise<void> {
    this.copy.destroy(reason);
    await finished(this.copy).catch(() => undefined);
  }

  private trackOrder(sensorId: number, time: number): void {
    if (this.repeatsPossible) return;
    if (sensorId === this.sensorId) {
      if (time <= this.last.time) this.endOrder();
      this.last.time = time;
      return;
    }
    this.sensorId = sensorId;
    const before = this.lasts.get(sensorId);
    if (before) {
      this.firsts = undefined;
      if (time <= before.time) this.endOrder();
      before.time = time;
      this.last = before;
    } else {
      this.firsts?.set(sensorId, time);
      this.lasts.set(sensorId, (this.last = { time }));
    }
  }

  private endOrder(): void {
    this.firsts = undefined;
    this.repeatsPossible = true;
    this.lasts.clear();
  }

  private flush(): void {
    this.copy.write(this.buffer.subarray(0, this.used));
    this.buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    this.used = 0;
  }
}

function writeQuality(buffer: Buffer, quality: Quality | undefined, at: number): number {
  if (quality === undefined) return buffer.writeInt32BE(NULL, at);
  return buffer.writeInt16BE(SEVERITIES[quality], buffer.writeInt32BE(2, at));
}

function writeTotalizer(buffer: Buffer, totalizer: number | undefined, at: number): number {
  if (totalizer === undefined) return buffer.writeInt32BE(NULL, at);
  return buffer.writeDoubleBE(totalizer, buffer.writeInt32BE(8, at));
}
