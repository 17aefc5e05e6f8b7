import type pg from 'pg';
import { inStatementSpan } from './statement-span.js';

/**
 * A named statement with its parameters as $1, $2, …; because of the name each connection prepares
 * it once.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /**
   * whether it reads so little, however long its range is, that it may share a connection with others
   * and is not cancelled when its client goes away
   */
  readonly isShort?: boolean;
}

/** What statements run on: a pool of connections, or one transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]>;
}

export function runStatement<Row extends pg.QueryResultRow>(
  connection: pg.Pool | pg.ClientBase,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  return inStatementSpan(name, async () => {
    const { rows } = await connection.query<Row>({ name, text, values: values as unknown[] });
    return rows;
  });
}
