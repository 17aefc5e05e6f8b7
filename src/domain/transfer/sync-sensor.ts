import { sensorErrors } from '../sensors/rules.js';
import type { SensorRecord } from '../sensors/sensors.js';
import type { UpstreamSensor } from './upstream.js';

/** The properties of a sensor that are copied. */
export interface SensorCopy {
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly pipeDiameter: number | null;
  readonly activatedAt: Date | null;
}

/**
 * An upstream's sensor within the rules here: a value that breaks one, such as a diameter of 0,
 * becomes null.
 */
export function copyOf(upstream: UpstreamSensor): SensorCopy {
  const { id, latitude, longitude, pipeDiameter, activatedAt } = upstream;
  const name = upstream.name.trim();
  const copy = { name, latitude, longitude, pipeDiameter, activatedAt: activatedAt ?? null };
  const invalid = new Set(sensorErrors(copy).map(({ path }) => path[0]));
  return {
    name: invalid.has('name') ? `Sensor ${id}` : name,
    latitude: invalid.has('latitude') ? null : latitude,
    longitude: invalid.has('longitude') ? null : longitude,
    pipeDiameter: invalid.has('pipeDiameter') ? null : pipeDiameter,
    activatedAt: copy.activatedAt,
  };
}

/** The properties of the stored sensor that differ from the upstream's; undefined where none do. */
export function changeOf(
  stored: SensorRecord,
  upstream: UpstreamSensor,
): Partial<SensorCopy> | undefined {
  const { activatedAt, ...copy } = copyOf(upstream);
  const fields: Partial<SensorCopy> =
    upstream.activatedAt === undefined ? copy : { ...copy, activatedAt };
  const changed = Object.entries(fields).filter(
    ([field, value]) => comparable(stored[field as keyof SensorCopy]) !== comparable(value),
  );
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

function comparable(value: string | number | Date | null): string | number | null {
  return value instanceof Date ? value.getTime() : value;
}
