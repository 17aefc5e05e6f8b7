import { logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database, Statement } from '../postgres/database.js';
import { enqueue, type OutboxEvent } from '../webhooks/event-outbox.js';
import type { Reader } from '../postgres/reader.js';

/** A statement as it is stored, without what it has of each sensor. */
export interface StatementRow {
  readonly number: number;
  readonly version: number;
  readonly supersedes: number | null;
  /** the number of the statement that replaced it */
  readonly supersededBy: number | null;
  readonly hash: string;
  readonly signature: string;
  /** PEM */
  readonly publicKey: string;
  /** canonical JSON */
  readonly header: string;
  /** JSON */
  readonly checksums: string;
}

export type NewStatement = Omit<StatementRow, 'supersededBy'> & {
  readonly audit: AuditEntry;
  readonly event: OutboxEvent;
};

/** Where a new statement is in the account's row of them. */
export interface StatementPlace {
  readonly number: number;
  readonly previousHash: string | null;
  /** the statement to replace; undefined where the account has none of that number */
  readonly superseded: StatementRow | undefined;
}

/** Newest first; those between two numbers, both exclusive, taken from one end. */
export interface StatementWindow {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
}

const COLUMNS = `m.number, m.version, m.supersedes, m.hash, m.signature, m.public_key AS "publicKey",
  m.header, m.checksums, (SELECT n.number FROM measurement_statement n
    WHERE n.account_id = m.account_id AND n.supersedes = m.number) AS "supersededBy"`;

/** Statements of an account are issued one after the other. $1 int account id */
const lockStatements: Statement = {
  name: 'lock_statements',
  text: `SELECT pg_advisory_xact_lock(hashtext('flowgate statements'), $1::int)`,
};

/** $1 int account id */
const lastStatement: Statement = {
  name: 'last_statement',
  text: `SELECT number, hash FROM measurement_statement WHERE account_id = $1 ORDER BY number DESC LIMIT 1`,
};

/** $1 int account id, $2 int number */
const oneStatement: Statement = {
  name: 'one_statement',
  text: `SELECT ${COLUMNS} FROM measurement_statement m WHERE m.account_id = $1 AND m.number = $2`,
};

/** $1 int account id, $2, $3 int numbers between which they are, exclusive, the larger one first, or null, $4 int maximum */
const statementWindow = { DESC: inOrder('DESC'), ASC: inOrder('ASC') };

function inOrder(order: 'ASC' | 'DESC'): Statement {
  const text = `
    SELECT ${COLUMNS} FROM measurement_statement m
    WHERE m.account_id = $1 AND ($2::int IS NULL OR m.number < $2) AND ($3::int IS NULL OR m.number > $3)
    ORDER BY m.number ${order} LIMIT $4`;
  return { name: `statement_window_${order.toLowerCase()}`, text };
}

/** $1 int account id */
const countStatements: Statement = {
  name: 'count_statements',
  text: 'SELECT count(*)::float8 AS count FROM measurement_statement WHERE account_id = $1',
};

const addStatement: Statement = {
  name: 'add_statement',
  text: `
    INSERT INTO measurement_statement
      (account_id, number, version, supersedes, hash, signature, public_key, header, checksums)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
};

/** $1 int account id, $2 int number, $3 int position, $4 bytea gzip of JSON */
const addPart: Statement = {
  name: 'add_statement_part',
  text: 'INSERT INTO measurement_statement_part (account_id, number, position, document) VALUES ($1, $2, $3, $4)',
};

/** $1 int account id, $2 int number, $3 int position */
const onePart: Statement = {
  name: 'one_statement_part',
  text: `
    SELECT document FROM measurement_statement_part
    WHERE account_id = $1 AND number = $2 AND position = $3`,
};

/** Statements, which nothing changes or deletes. */
export class StatementStore {
  constructor(private readonly database: Database) {}

  /**
   * Adds a statement under the next number.
   * @param parts what it has of each sensor, gzip of JSON
   */
  issue<T extends NewStatement>(
    accountId: number,
    supersedes: number | undefined,
    parts: readonly Buffer[],
    write: (place: StatementPlace) => T,
  ): Promise<T> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(lockStatements, [accountId]);
      const [last] = await transaction.query<{ number: number; hash: string }>(lastStatement, [
        accountId,
      ]);
      const [superseded] =
        supersedes === undefined
          ? []
          : await transaction.query<StatementRow & Row>(oneStatement, [accountId, supersedes]);
      const number = (last?.number ?? 0) + 1;
      const statement = write({ number, previousHash: last?.hash ?? null, superseded });
      await transaction.query(addStatement, [
        ...[accountId, number, statement.version, statement.supersedes],
        ...[statement.hash, statement.signature, statement.publicKey, statement.header],
        statement.checksums,
      ]);
      for (const [position, document] of parts.entries()) {
        await transaction.query(addPart, [accountId, number, position, document]);
      }
      await logEvent(transaction, statement.audit);
      await enqueue(transaction, accountId, statement.event);
      return statement;
    });
  }

  async find(reader: Reader, number: number): Promise<StatementRow | undefined> {
    const values = [reader.accountId, number];
    const [row] = await this.database.reads.query<StatementRow & Row>(reader, oneStatement, values);
    return row;
  }

  window(reader: Reader, { after, before, take, from }: StatementWindow): Promise<StatementRow[]> {
    const statement = statementWindow[from === 'first' ? 'DESC' : 'ASC'];
    const values = [reader.accountId, after ?? null, before ?? null, take];
    return this.database.reads.query<StatementRow & Row>(reader, statement, values);
  }

  async count(reader: Reader): Promise<number> {
    const [row] = await this.database.reads.query<{ count: number }>(reader, countStatements, [
      reader.accountId,
    ]);
    return row?.count ?? 0;
  }

  /** What a statement has of one sensor, gzip of JSON. */
  async part(reader: Reader, number: number, position: number): Promise<Buffer | undefined> {
    const values = [reader.accountId, number, position];
    const [row] = await this.database.reads.query<{ document: Buffer }>(reader, onePart, values);
    return row?.document;
  }
}

type Row = Record<string, unknown>;
