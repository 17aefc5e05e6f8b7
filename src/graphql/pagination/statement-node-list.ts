import type { MeasurementStatement } from '../../domain/statements/statements.js';
import type { NodeList } from './connection.js';
import type { GraphQLContext } from '../execution/context.js';
import { readIdCursor, writeCursor } from './cursor.js';
import { lazy } from '../loaders/lazy.js';
import type { PageRequest } from './page-request.js';
import { readId } from '../types/record-id.js';
import { statementObject, type StatementObject } from '../types/statement-object.js';

const KIND = 'measurement statement';

/** The account's statements, newest first. A statement's position is its number. */
export class StatementNodeList implements NodeList<StatementObject, number> {
  constructor(
    private readonly context: GraphQLContext,
    readonly request: PageRequest<number>,
  ) {}

  readonly page = lazy(async () => {
    const { principal, services } = this.context;
    const { after, before, take, from } = this.request;
    const window = { after, before, take, from };
    const { statements, more } = await services.statements.window(principal, window);
    return { nodes: statements.map((each: MeasurementStatement) => statementObject(each)), more };
  });

  /** Statements are never removed, so the one that a cursor names exists. */
  reaches(): Promise<boolean> {
    return Promise.resolve(true);
  }

  cursorOf({ number }: StatementObject): string {
    return writeCursor(KIND, String(number));
  }

  count(): Promise<number> {
    const { principal, services } = this.context;
    return services.statements.count(principal);
  }
}

/** The number of a cursor of statements; undefined where it is not one. */
export function statementPosition(cursor: string): number | undefined {
  const id = readIdCursor(KIND, cursor);
  return id === undefined ? undefined : readId(id);
}
