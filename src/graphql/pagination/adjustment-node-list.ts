import type { Adjustment, AdjustmentStatus } from '../../domain/periods/adjustments.js';
import type { PeriodRow } from '../../domain/periods/periods.js';
import type { GraphQLContext } from '../execution/context.js';
import { lazy } from '../loaders/lazy.js';
import type { NodeList } from './connection.js';
import { readCursor, writeCursor } from './cursor.js';
import type { PageRequest } from './page-request.js';

const KIND = 'adjustment';

/** The day, the sensor and the order of an adjustment, by which they are sorted. */
type Position = readonly [day: number, sensorId: number, sequence: number];

/** The adjustments of a period by day, sensor and order. */
export class AdjustmentNodeList implements NodeList<Adjustment, Position> {
  constructor(
    private readonly context: GraphQLContext,
    private readonly period: PeriodRow,
    private readonly status: AdjustmentStatus | undefined,
    readonly request: PageRequest<Position>,
  ) {}

  private readonly all = lazy(async () => {
    const { principal, services } = this.context;
    const found = await services.adjustments.of(principal, this.period);
    return this.status ? found.filter(({ status }) => status === this.status) : found;
  });

  readonly page = lazy(async () => {
    const { after, before, take, from } = this.request;
    const within = (await this.all()).filter(
      (each) =>
        (!after || compare(positionOf(each), after) > 0) &&
        (!before || compare(positionOf(each), before) < 0),
    );
    const nodes = from === 'first' ? within.slice(0, take) : within.slice(-take || within.length);
    return { nodes, more: within.length > take };
  });

  async reaches(side: 'before' | 'after', position: Position): Promise<boolean> {
    const sign = side === 'after' ? 1 : -1;
    return (await this.all()).some((each) => compare(positionOf(each), position) * sign >= 0);
  }

  cursorOf(adjustment: Adjustment): string {
    return writeCursor(KIND, ...positionOf(adjustment));
  }

  async count(): Promise<number> {
    return (await this.all()).length;
  }
}

/** The place of a cursor of adjustments; undefined where it is not one. */
export function adjustmentPosition(cursor: string): Position | undefined {
  const place = readCursor(KIND, cursor) ?? [];
  if (place.length !== 3 || !place.every((each) => Number.isSafeInteger(each))) return undefined;
  return place as unknown as Position;
}

function positionOf({ day, sensorId, sequence }: Adjustment): Position {
  return [day, sensorId, sequence];
}

function compare(a: Position, b: Position): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
