import type { SensorListEntry } from '../domain/sensors/sensor-list.js';
import { formatTime } from '../domain/shared/time.js';
import { numberText } from '../domain/shared/number-text.js';

/** A sensor as the text of the documented JSON object. */
export function sensorObject(sensor: SensorListEntry): string {
  const { id, name, latitude, longitude, pipeDiameter, lastFlowrate, lastAt, activatedAt } = sensor;
  return (
    `{"id":${id},"name":${JSON.stringify(name)}` +
    `,"latitude":${figure(latitude)},"longitude":${figure(longitude)},"pipe_diameter":${figure(pipeDiameter)}` +
    `,"last_ping_flowrate":${figure(lastFlowrate)},"last_ping_datetime":${instant(lastAt)}` +
    `,"activated_at":${instant(activatedAt)}}`
  );
}

function figure(value: number | null): string {
  return value === null ? 'null' : numberText(value);
}

function instant(time: number | null): string {
  return time === null ? 'null' : `"${formatTime(time)}"`;
}
