import { sensorErrors } from '../sensors/rules.js';
import type { SensorRecord } from '../sensors/sensors.js';
import type { UpstreamSensor } from './upstream.js';

/** What is copied of a sensor. */
export interface SensorCopy {
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly pipeDiameter: number | null;
  readonly activatedAt: Date | null;
}

/** An upstream's sensor as our rules allow it: what breaks one, such as a diameter of 0, is unknown here. */
export function copyOf(upstream: UpstreamSensor): SensorCopy {
  const { id, latitude, longitude, pipeDiameter, activatedAt } = upstream;
  const name = upstream.name.trim();
  const copy = { name, latitude, longitude, pipeDiameter, activatedAt: activatedAt ?? null };
  const faulty = new Set(sensorErrors(copy).map(({ path }) => path[0]));
  return {
    name: faulty.has('name') ? `Sensor ${id}` : name,
    latitude: faulty.has('latitude') ? null : latitude,
    longitude: faulty.has('longitude') ? null : longitude,
    pipeDiameter: faulty.has('pipeDiameter') ? null : pipeDiameter,
    activatedAt: copy.activatedAt,
  };
}

/** What of the held sensor is no longer what the upstream says; undefined where nothing is. */
export function changeOf(
  held: SensorRecord,
  upstream: UpstreamSensor,
): Partial<SensorCopy> | undefined {
  const { activatedAt, ...copy } = copyOf(upstream);
  const fields: Partial<SensorCopy> =
    upstream.activatedAt === undefined ? copy : { ...copy, activatedAt };
  const changed = Object.entries(fields).filter(
    ([field, value]) => comparable(held[field as keyof SensorCopy]) !== comparable(value),
  );
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

function comparable(value: string | number | Date | null): string | number | null {
  return value instanceof Date ? value.getTime() : value;
}
