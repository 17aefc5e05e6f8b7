import { maxGapAt } from '../../summaries/sql/max-gap.js';
import type { PieceColumn } from '../../summaries/sql/piece.js';
import { linearVolume, middleFlowrate, stepVolume } from '../../summaries/sql/segment.js';

/** How flowrate runs between two pings: linearly, or constant until the next. */
export type VolumeMethod = 'LINEAR' | 'STEP';

/** What is computed of volumes: the volume alone, or all that is known beside it. */
export type Figures = 'VOLUME' | 'ALL';

const MAX_GAP_MS = `(${maxGapAt('last_at')}) * 1000::float8`;

/** Of a segment of the sensor `s` that begins at `last_at` and is `gap_ms` long. */
export const IS_MEASURED = `gap_ms <= ${MAX_GAP_MS}`;
export const IS_OUTAGE = `gap_ms > ${MAX_GAP_MS}`;

/**
 * What a method makes of the segments from `last_flowrate` to `next_flowrate`, `gap_ms` long, as SQL.
 */
export interface Segments {
  /** how the columns of the volumes within a piece end */
  readonly kind: 'linear_volume' | 'step_volume';
  /** of pieces: those that volumes are computed from */
  readonly columns: readonly PieceColumn[];
  /** volume of a whole segment */
  readonly whole: string;
  /** volume of a part, `part_ms` long, that lies between the first `before_ms` and the last `after_ms` */
  readonly part: string;
  /** bounds of the flowrate */
  readonly lower: string;
  readonly higher: string;
}

const LINEAR = linearVolume('last_flowrate', 'next_flowrate', 'gap_ms');
const MIDDLE = middleFlowrate('last_flowrate', 'next_flowrate', 'before_ms', 'after_ms', 'gap_ms');

export function segmentsOf(method: VolumeMethod, figures: Figures): Segments {
  return method === 'LINEAR'
    ? {
        ...columnsOf('linear_volume', figures),
        whole: LINEAR,
        part: `CASE WHEN part_ms = gap_ms THEN ${LINEAR}
          WHEN part_ms > 0 THEN ${stepVolume(MIDDLE, 'part_ms')} ELSE 0 END`,
        lower: 'least(last_flowrate, next_flowrate)',
        higher: 'greatest(last_flowrate, next_flowrate)',
      }
    : {
        ...columnsOf('step_volume', figures),
        whole: stepVolume('last_flowrate', 'gap_ms'),
        part: stepVolume('last_flowrate', 'part_ms'),
        lower: 'last_flowrate',
        higher: 'last_flowrate',
      };
}

function columnsOf(kind: Segments['kind'], figures: Figures): Pick<Segments, 'kind' | 'columns'> {
  return {
    kind,
    columns: [
      ...(['first_at', 'first_flowrate', 'last_at', 'last_flowrate'] as const),
      ...([`measured_${kind}`, `outage_${kind}`] as const),
      ...(figures === 'ALL'
        ? (['ping_count', 'covered_ms', 'min_flowrate', 'max_flowrate'] as const)
        : []),
    ],
  };
}

/** A statement for each method; their names differ by it. */
export function byMethod<T>(make: (method: VolumeMethod) => T): Record<VolumeMethod, T> {
  return { LINEAR: make('LINEAR'), STEP: make('STEP') };
}
