import type { Database } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { enqueue, type OutboxEvent } from './event-outbox.js';
import {
  forgetMarks,
  revisedSensors,
  revisedStretches,
  revisionMarks,
  revisionSubscribers,
  saveMark,
} from './sql/revised-volumes.js';

export interface Subscriber {
  readonly accountId: number;
  /** of its first endpoint */
  readonly since: Date;
}

/** A sensor with revisions that have not been dealt with. */
export interface RevisedSensor {
  readonly id: number;
  readonly name: string;
  readonly calendar: string | null;
  /** the last revision that has been dealt with, and the last one that there is */
  readonly afterId: string;
  readonly lastId: string;
}

/** A stretch of time whose volume revisions can have changed. */
export interface RevisedStretch {
  readonly start: Date;
  readonly end: Date;
  readonly revisions: number;
  readonly reasonCodes: readonly string[];
  readonly firstMade: Date;
  readonly lastMade: Date;
}

/** Finds revisions that endpoints have not been sent, and queues what follows from them. */
export class RevisedVolumeStore {
  constructor(private readonly database: Database) {}

  /** Also forgets what was known of accounts that are none. */
  async subscribers(): Promise<Subscriber[]> {
    const rows = await this.database.query<{ account_id: number; since: number }>(
      revisionSubscribers,
      [],
    );
    await this.database.query(forgetMarks, [rows.map(({ account_id }) => account_id)]);
    return rows.map(({ account_id: accountId, since }) => ({ accountId, since: new Date(since) }));
  }

  async revisedSensors(accountId: number): Promise<RevisedSensor[]> {
    const marks = await this.database.query<{ sensor_id: number; revision_id: string }>(
      revisionMarks,
      [accountId],
    );
    const rows = await this.database.query<SensorRow>(revisedSensors, [
      accountId,
      marks.map(({ sensor_id }) => sensor_id),
      marks.map(({ revision_id }) => revision_id),
    ]);
    return rows.map(({ id, name, calendar, after_id: afterId, last_id: lastId }) => {
      return { id, name, calendar, afterId, lastId };
    });
  }

  /** By time. @param since when the revisions were made */
  async stretches({ id, afterId, lastId }: RevisedSensor, since: Date): Promise<RevisedStretch[]> {
    const values = [id, afterId, lastId, instantParameter(since)];
    const rows = await this.database.query<StretchRow>(revisedStretches, values);
    return rows.map((row) => ({
      start: new Date(row.start),
      end: new Date(row.end),
      revisions: row.count,
      reasonCodes: row.codes,
      firstMade: new Date(row.first_made),
      lastMade: new Date(row.last_made),
    }));
  }

  /** Queues events about a sensor, whose revisions have thereby been dealt with. */
  settle(
    accountId: number,
    { id, lastId }: RevisedSensor,
    events: readonly OutboxEvent[],
  ): Promise<void> {
    return this.database.transaction(async (transaction) => {
      for (const event of events) await enqueue(transaction, accountId, event);
      await transaction.query(saveMark, [accountId, id, lastId]);
    });
  }
}

interface SensorRow {
  readonly id: number;
  readonly name: string;
  readonly calendar: string | null;
  readonly after_id: string;
  readonly last_id: string;
  readonly [column: string]: unknown;
}

interface StretchRow {
  readonly start: number;
  readonly end: number;
  readonly count: number;
  readonly codes: readonly string[];
  readonly first_made: number;
  readonly last_made: number;
  readonly [column: string]: unknown;
}
