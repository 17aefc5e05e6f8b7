import type { PingPage } from '../domain/pings/pings.js';
import { formatTime } from '../domain/shared/time.js';
import { numberText } from '../domain/shared/number-text.js';

/** A page of pings as the text of the documented JSON array. */
export function pingArray({ sensorId, sensorName, pings }: PingPage): string {
  const sensor = `,"sensor_id":${sensorId},"sensor_name":${JSON.stringify(sensorName)},"flowrate":`;
  let text = '';
  for (const { id, flowrate, at } of pings) {
    text += `,{"id":${id}${sensor}${numberText(flowrate)},"datetime":"${formatTime(at)}"}`;
  }
  return `[${text.slice(1)}]`;
}
