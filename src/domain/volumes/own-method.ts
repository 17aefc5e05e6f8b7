import type { Reader } from '../../storage/postgres/reader.js';
import { methodHistory, valueAt } from '../../storage/sensors/history.js';
import type { SensorRow, VolumeMethod } from '../../storage/volumes/volume-store.js';
import type { FlowVolume } from './flow-volume.js';
import type { MeteredVolumes } from './metered-volumes.js';
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
  metered: Pick<MeteredVolumes, 'between'>,
  reader: Reader,
  sensors: readonly MethodHistory[],
  boundaries: readonly Date[],
  asOf?: Date,
): Promise<Map<number, FlowVolume[]>> {
  const ids = sensors.map(({ id }) => id);
  const changes = sensors.flatMap(({ methodChangedAt }) => methodChangedAt ?? []);
  const cuts = cutAt(boundaries, changes);
  const [linear, step] = await Promise.all([
    metered.between(reader, ids, cuts, 'LINEAR', asOf),
    metered.between(reader, ids, cuts, 'STEP', asOf),
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
    ? {
        id,
        method,
        methodChangedAt: method_changed_at.map((at) => new Date(at)),
        earlierMethods: earlier_methods,
      }
    : undefined;
}
