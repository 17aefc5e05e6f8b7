import type {
  PingMethodRow,
  SubstitutionMethod,
  SubstitutionRow,
} from '../../storage/pings/substitution-store.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';
import { InvalidInputError } from '../shared/errors.js';

/** How a reading came about. */
export const PING_METHODS = ['MEASURED', 'ESTIMATED', 'SUBSTITUTED', 'MANUALLY_EDITED'] as const;
export type PingMethod = (typeof PING_METHODS)[number];

/** The readings of [start, end), replaced by others on purpose. */
export interface Substitution extends TimeRange {
  readonly sensorId: number;
  readonly id: string;
  readonly method: SubstitutionMethod;
  /** bbl/d, or bbl that were spread */
  readonly value: number | null;
  /** how the flowrates were found */
  readonly calculation: Readonly<Record<string, unknown>>;
  /** how many readings were replaced, and by how many */
  readonly replaced: number;
  readonly substitutes: number;
  readonly reasonCode: string;
  readonly comment: string | null;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly reversedBy: string | null;
  readonly reversedAt: Date | null;
  readonly reversalReasonCode: string | null;
  readonly reversalComment: string | null;
}

export interface SubstitutionInput extends TimeRange {
  readonly sensorId: number;
  readonly method: SubstitutionMethod;
  readonly value: number | null;
}

/** Why readings are replaced, or put back. */
export interface Reason {
  readonly reasonCode: string;
  readonly comment: string | null;
}

/** @throws InvalidInputError */
export function requireSubstitution(
  { start, end, method, value }: SubstitutionInput,
  now: Date,
): void {
  if (end <= start) throw InvalidInputError.of('end', 'Must be after start.');
  if (end > now) throw InvalidInputError.of('end', 'Must not be in the future.');
  const needsValue = method === 'REPLACE' || method === 'EQUAL_SPREAD';
  if (needsValue && value === null) {
    throw InvalidInputError.of('value', `Is required for the method ${method}.`);
  }
  if (!needsValue && value !== null) {
    throw InvalidInputError.of(
      'value',
      `Must not be given for the method ${method}, which computes it.`,
    );
  }
}

export function methodOf({ method, is_edited }: PingMethodRow): PingMethod {
  if (is_edited) return 'MANUALLY_EDITED';
  return method === 'LINEAR_INTERPOLATION' || method === 'AVERAGE' ? 'ESTIMATED' : 'SUBSTITUTED';
}

export function substitutionOf(row: SubstitutionRow): Substitution {
  return {
    sensorId: row.sensor_id,
    id: row.id,
    start: new Date(row.start),
    end: new Date(row.end),
    method: row.method,
    value: row.value,
    calculation: row.calculation,
    replaced: row.replaced,
    substitutes: row.substitutes,
    reasonCode: row.reason_code,
    comment: row.comment,
    madeBy: row.made_by,
    madeAt: new Date(row.made_at),
    reversedBy: row.reversed_by,
    reversedAt: row.reversed_at === null ? null : new Date(row.reversed_at),
    reversalReasonCode: row.reversal_reason_code,
    reversalComment: row.reversal_comment,
  };
}
