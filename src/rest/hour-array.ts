import { formatInstant } from '../domain/shared/time.js';
import type { HourPage } from '../domain/volumes/volumes.js';
import { numberText } from '../domain/shared/number-text.js';

/** A page of hourly flow volumes as the text of the documented JSON array. */
export function hourArray({ sensorId, sensorName, hours }: HourPage): string {
  const sensor = `,{"sensor_id":${sensorId},"sensor_name":${JSON.stringify(sensorName)},"flow_volume":`;
  let text = '';
  // An hour ends where the one before it, which is the later one, starts.
  let [known, instant]: [known?: Date, instant?: string] = [];
  for (const { start, end, volume } of hours) {
    const endText = end === known ? instant! : formatInstant(end);
    [known, instant] = [start, formatInstant(start)];
    text += `${sensor}${numberText(volume)},"start":"${instant}","end":"${endText}"}`;
  }
  return `[${text.slice(1)}]`;
}
