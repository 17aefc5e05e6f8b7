import { formatInstant } from '../domain/shared/time.js';
import type { HourPage } from '../domain/volumes/volumes.js';
import { numberText } from '../domain/shared/number-text.js';

/** A page of hourly flow volumes as the text of the documented JSON array. */
export function hourArray({ sensorId, sensorName, hours }: HourPage): string {
  const sensor = `,{"sensor_id":${sensorId},"sensor_name":${JSON.stringify(sensorName)},"flow_volume":`;
  let text = '';
  for (const { start, end, volume } of hours) {
    text += `${sensor}${numberText(volume)},"start":"${formatInstant(start)}","end":"${formatInstant(end)}"}`;
  }
  return `[${text.slice(1)}]`;
}
