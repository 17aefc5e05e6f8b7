import type { PingPage } from '../domain/pings.js';
import { formatTime } from '../domain/time.js';

/** A page of pings as the text of the documented JSON array. */
export function pingArray({ sensorId, sensorName, pings }: PingPage): string {
  const sensor = `,"sensor_id":${sensorId},"sensor_name":${JSON.stringify(sensorName)},"flowrate":`;
  let text = '';
  for (const { id, flowrate, at } of pings) {
    text += `,{"id":${id}${sensor}${numberText(flowrate)},"datetime":"${formatTime(at)}"}`;
  }
  return `[${text.slice(1)}]`;
}

/** A number that reads back as the same double: JSON has a negative zero, JSON.stringify does not write it. */
function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
