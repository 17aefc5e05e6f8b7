import type { Reader } from '../../storage/postgres/reader.js';
import { methodHistory, valueAt } from '../../storage/sensors/history.js';
import type { SensorRow, VolumeMethod, VolumeStore } from '../../storage/volumes/volume-store.js';
import type { FlowVolume } from './flow-volume.js';
import { cutAt, joinParts } from './parts.js';

/** A sensor and the methods that were in force, null where it always was the same. */
export interface MethodHistory {
  readonly id: number;
  readonly method: VolumeMethod;
  readonly methodChangedAt: Date[] | null;
  readonly earlierMethods: VolumeMethod[] | null;
}

/**
 * The volumes of sensors whose method changed, in the order of the buckets: flowrate runs by the
 * method in force at each instant, so a bucket is cut where a method changes. Two statements, for
 * any number of sensors.
 * @param boundaries ascending, at least two: the ranges between neighbours are the buckets
 */
export async function volumesByOwnMethod(
  store: VolumeStore,
  reader: Reader,
  sensors: readonly MethodHistory[],
  boundaries: readonly Date[],
  asOf?: Date,
): Promise<Map<number, FlowVolume[]>> {
  const ids = sensors.map(({ id }) => id);
  const changes = sensors.flatMap(({ methodChangedAt }) => methodChangedAt ?? []);
  const cuts = cutAt(boundaries, changes);
  const [linear, step] = await Promise.all([
    store.between(reader, ids, cuts, 'LINEAR', asOf),
    store.between(reader, ids, cuts, 'STEP', asOf),
  ]);
  const found = new Map<number, FlowVolume[]>();
  for (const sensor of sensors) {
    const [byLine, byStep] = [linear.get(sensor.id), step.get(sensor.id)];
    if (!byLine || !byStep) continue;
    const methods = methodHistory(sensor);
    const parts = byLine.map((part, index) =>
      valueAt(methods, part.start) === 'LINEAR' ? part : byStep[index]!,
    );
    found.set(sensor.id, joinParts(parts, boundaries));
  }
  return found;
}

/**
 * Computes by the given method, or by the sensor's own. That is known only with the answer, and
 * nearly always LINEAR: only sensors with another take a second statement.
 */
export async function byOwnMethod<Row extends { readonly method: VolumeMethod }>(
  method: VolumeMethod | undefined,
  compute: (method: VolumeMethod) => Promise<Row | undefined>,
): Promise<Row | undefined> {
  const row = await compute(method ?? 'LINEAR');
  return method || !row || row.method === 'LINEAR' ? row : compute(row.method);
}

/** Undefined where the sensor always had the same method. */
export function historyOf(
  id: number,
  { method, method_changed_at, earlier_methods }: Omit<SensorRow, 'sensor_name'>,
): MethodHistory | undefined {
  return method_changed_at
    ? { id, method, methodChangedAt: method_changed_at, earlierMethods: earlier_methods }
    : undefined;
}

/**
 * To 9 decimals and then to 6, halves away from zero, as the database rounds volumes. Only what is
 * close to a half, or large, takes decimal digits to decide.
 */
export function roundVolume(volume: number): number {
  const magnitude = Math.abs(volume);
  const millionths = magnitude * 1e6;
  const whole = Math.floor(millionths);
  const rest = millionths - whole;
  if (whole < MAX_PLAIN && Math.abs(rest - 0.5) > CLOSE_TO_HALF) {
    return (Math.sign(volume) * (rest < 0.5 ? whole : whole + 1)) / 1e6;
  }
  return Math.sign(volume) * roundDigits(magnitude);
}

/** in millionths: twice as far as rounding to 9 decimals moves a number, and a multiplication errs */
const CLOSE_TO_HALF = 0.001;
const MAX_PLAIN = 1e12;

/** Of the shortest decimal that reads back as the same double: of what is not negative. */
function roundDigits(value: number): number {
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', decimals = ''] = digits.split('.');
  const scale = Number(exponent) - decimals.length;
  const nine = shiftHalfUp(BigInt(whole + decimals), scale + 9);
  return Number(`${shiftHalfUp(nine, -3)}e-6`);
}

/** `value` times 10 to the power of `by`, halves up. */
function shiftHalfUp(value: bigint, by: number): bigint {
  if (by >= 0) return value * 10n ** BigInt(by);
  const divisor = 10n ** BigInt(-by);
  return (value + divisor / 2n) / divisor;
}
