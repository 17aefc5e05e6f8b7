/** The values of a setting over time. */
export interface History<Value> {
  /** when the value changed, ascending */
  readonly changedAt: readonly Date[];
  /** what it was before each of these instants */
  readonly earlier: readonly Value[];
  readonly current: Value;
}

/** Of a value that was always the current one. */
export const NEVER_CHANGED = { changedAt: [], earlier: [] } as const;

export function maxGapHistory(sensor: {
  readonly maxGap: number;
  readonly maxGapChangedAt: Date[] | null;
  readonly earlierMaxGaps: number[] | null;
}): History<number> {
  const { maxGap, maxGapChangedAt, earlierMaxGaps } = sensor;
  return { changedAt: maxGapChangedAt ?? [], earlier: earlierMaxGaps ?? [], current: maxGap };
}

export function methodHistory<Method>(sensor: {
  readonly method: Method;
  readonly methodChangedAt: Date[] | null;
  readonly earlierMethods: Method[] | null;
}): History<Method> {
  const { method, methodChangedAt, earlierMethods } = sensor;
  return { changedAt: methodChangedAt ?? [], earlier: earlierMethods ?? [], current: method };
}

export function meterFactorHistory(sensor: {
  readonly meterFactor: number;
  readonly meterFactorChangedAt: Date[] | null;
  readonly earlierMeterFactors: number[] | null;
}): History<number> {
  const { meterFactor, meterFactorChangedAt, earlierMeterFactors } = sensor;
  return {
    changedAt: meterFactorChangedAt ?? [],
    earlier: earlierMeterFactors ?? [],
    current: meterFactor,
  };
}

/** The value in force at an instant. */
export function valueAt<Value>({ changedAt, earlier, current }: History<Value>, at: Date): Value {
  const next = changedAt.findIndex((instant) => instant > at);
  return next < 0 ? current : earlier[next]!;
}

/** The history with another value from an instant on, in place of all that was to be later. */
export function changedFrom<Value>(
  history: History<Value>,
  value: Value,
  from: Date,
): History<Value> {
  const { changedAt, earlier, current } = history;
  const kept = changedAt.filter((instant) => instant < from).length;
  const before = kept < changedAt.length ? earlier[kept]! : current;
  const isSame = before === value;
  return {
    changedAt: [...changedAt.slice(0, kept), ...(isSame ? [] : [from])],
    earlier: [...earlier.slice(0, kept), ...(isSame ? [] : [before])],
    current: value,
  };
}
