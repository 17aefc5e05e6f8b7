import type { Database, Statement, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { Parameter } from '../sensors/configuration-store.js';
import { enqueue, type OutboxEvent } from './event-outbox.js';
import {
  forgetMarks,
  reconfiguredStretches,
  revisedBefore,
  revisedSensors,
  revisedStretches,
  revisionMarks,
  revisionSubscribers,
  saveMarks,
} from './sql/revised-volumes.js';

export interface Subscriber {
  readonly accountId: number;
  /** of its first endpoint */
  readonly since: Date;
}

/** The last revision and the last change of settings, up to which a sensor has been or will be dealt with. */
interface Mark {
  readonly revision: string;
  readonly configuration: string;
}

/** A sensor with revisions or changes of settings that have not been dealt with. */
export interface RevisedSensor {
  readonly id: number;
  readonly name: string;
  readonly calendar: string | null;
  /** what has been dealt with */
  readonly after: Mark;
  /** what there is */
  readonly last: Mark;
}

/** A stretch of time whose volume revisions or changes of settings can have changed. */
export interface RevisedStretch {
  readonly start: Date;
  readonly end: Date;
  readonly revisions: number;
  readonly reasonCodes: readonly string[];
  readonly settings: readonly Parameter[];
  readonly firstMade: Date;
  readonly lastMade: Date;
}

/** Finds what endpoints have not been sent of what changes volumes, and queues what follows from it. */
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

  /**
   * The sensors of an account with something to deal with. When there is nothing known of the account yet, all that
   * was made before an instant counts as dealt with.
   */
  async revisedSensors(accountId: number, first: Date): Promise<RevisedSensor[]> {
    const known = await this.database.query<MarkRow>(revisionMarks, [accountId]);
    const marks = known.length > 0 ? known : await this.begin(accountId, first);
    const rows = await this.database.query<SensorRow>(revisedSensors, [
      accountId,
      ...columnsOf(marks),
    ]);
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      calendar: row.calendar,
      after: { revision: row.after_revision, configuration: row.after_configuration },
      last: { revision: row.last_revision, configuration: row.last_configuration },
    }));
  }

  /** Those of revisions, then those of changes of settings. */
  async stretches({ id, after, last }: RevisedSensor): Promise<RevisedStretch[]> {
    const read = (statement: Statement, between: readonly string[]) =>
      this.database.query<StretchRow>(statement, [id, ...between]);
    const rows = [
      ...(await read(revisedStretches, [after.revision, last.revision])),
      ...(await read(reconfiguredStretches, [after.configuration, last.configuration])),
    ];
    return rows.map(({ start, end, first_made, last_made, count = 0, codes = [], parameter }) => ({
      ...{ start: new Date(start), end: new Date(end) },
      ...{ revisions: count, reasonCodes: codes, settings: parameter ? [parameter] : [] },
      ...{ firstMade: new Date(first_made), lastMade: new Date(last_made) },
    }));
  }

  /** Queues events about a sensor, which has thereby been dealt with. */
  settle(
    accountId: number,
    { id, last }: RevisedSensor,
    events: readonly OutboxEvent[],
  ): Promise<void> {
    return this.database.transaction(async (transaction) => {
      for (const event of events) await enqueue(transaction, accountId, event);
      const mark = {
        sensor_id: id,
        revision_id: last.revision,
        configuration_id: last.configuration,
      };
      await save(transaction, accountId, [mark]);
    });
  }

  private async begin(accountId: number, first: Date): Promise<MarkRow[]> {
    const marks = await this.database.query<MarkRow>(revisedBefore, [
      accountId,
      instantParameter(first),
    ]);
    await this.database.transaction((transaction) => save(transaction, accountId, marks));
    return marks;
  }
}

async function save(
  transaction: Transaction,
  accountId: number,
  marks: readonly MarkRow[],
): Promise<void> {
  await transaction.query(saveMarks, [accountId, ...columnsOf(marks)]);
}

function columnsOf(marks: readonly MarkRow[]) {
  return [
    marks.map(({ sensor_id }) => sensor_id),
    marks.map(({ revision_id }) => revision_id),
    marks.map(({ configuration_id }) => configuration_id),
  ];
}

interface MarkRow {
  readonly sensor_id: number;
  readonly revision_id: string;
  readonly configuration_id: string;
  readonly [column: string]: unknown;
}

interface SensorRow {
  readonly id: number;
  readonly name: string;
  readonly calendar: string | null;
  readonly after_revision: string;
  readonly last_revision: string;
  readonly after_configuration: string;
  readonly last_configuration: string;
  readonly [column: string]: unknown;
}

interface StretchRow {
  readonly start: number;
  readonly end: number;
  readonly count?: number;
  readonly codes?: readonly string[];
  readonly parameter?: Parameter;
  readonly first_made: number;
  readonly last_made: number;
  readonly [column: string]: unknown;
}
