import type { PeriodWindow } from '../../domain/periods/periods.js';
import { isRecordId } from '../../domain/shared/record-id.js';
import type { GraphQLContext } from '../execution/context.js';
import { lazy } from '../loaders/lazy.js';
import { periodObject, type PeriodObject } from '../types/period-object.js';
import type { NodeList } from './connection.js';
import { readCursor, writeCursor } from './cursor.js';
import type { PageRequest } from './page-request.js';

const KIND = 'period';

/** The periods of a sensor group, newest first. A period's position is its id. */
export class PeriodNodeList implements NodeList<PeriodObject, number> {
  constructor(
    private readonly context: GraphQLContext,
    private readonly groupId: number,
    readonly request: PageRequest<number>,
  ) {}

  readonly page = lazy(async () => {
    const { after, before, take, from } = this.request;
    const { periods, more } = await this.window({ after, before, take, from });
    return { nodes: periods.map(periodObject), more };
  });

  /** Periods are never removed, so the one that a cursor names exists. */
  reaches(): Promise<boolean> {
    return Promise.resolve(true);
  }

  cursorOf({ id }: PeriodObject): string {
    return writeCursor(KIND, id);
  }

  count(): Promise<number> {
    const { principal, services } = this.context;
    return services.periods.count(principal, this.groupId);
  }

  private window(window: PeriodWindow) {
    const { principal, services } = this.context;
    return services.periods.window(principal, this.groupId, window);
  }
}

/** The id of a cursor of periods; undefined where it is not one. */
export function periodPosition(cursor: string): number | undefined {
  const [id] = readCursor(KIND, cursor) ?? [];
  return typeof id === 'number' && isRecordId(id) ? id : undefined;
}
