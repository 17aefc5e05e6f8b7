import type { GroupWindow, SensorGroup } from '../../domain/groups/sensor-groups.js';
import { isRecordId } from '../../domain/shared/record-id.js';
import type { GraphQLContext } from '../execution/context.js';
import { lazy } from '../loaders/lazy.js';
import type { NodeList } from './connection.js';
import { readCursor, writeCursor } from './cursor.js';
import type { PageRequest } from './page-request.js';

const KIND = 'sensor group';

/** The account's sensor groups by id, which is a group's position. */
export class GroupNodeList implements NodeList<SensorGroup, number> {
  constructor(
    private readonly context: GraphQLContext,
    readonly request: PageRequest<number>,
  ) {}

  readonly page = lazy(async () => {
    const { after, before, take, from } = this.request;
    const { groups, more } = await this.window({ after, before, take, from });
    return { nodes: groups, more };
  });

  async reaches(side: 'before' | 'after', position: number): Promise<boolean> {
    const beyond = side === 'after' ? { after: position - 1 } : { before: position + 1 };
    const { groups } = await this.window({ ...beyond, take: 1, from: 'first' });
    return groups.length > 0;
  }

  cursorOf({ id }: SensorGroup): string {
    return writeCursor(KIND, id);
  }

  count(): Promise<number> {
    const { principal, services } = this.context;
    return services.groups.count(principal);
  }

  private window(window: GroupWindow) {
    const { principal, services } = this.context;
    return services.groups.window(principal, window);
  }
}

/** The id of a cursor of sensor groups; undefined where it is not one. */
export function groupPosition(cursor: string): number | undefined {
  const [id] = readCursor(KIND, cursor) ?? [];
  return typeof id === 'number' && isRecordId(id) ? id : undefined;
}
