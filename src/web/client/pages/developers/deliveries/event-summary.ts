import { isolated } from '../../../isolated.js';
import { quantity } from '../../../format.js';

interface Payload {
  readonly data?: {
    readonly sensor_name?: string;
    readonly flowrate?: number;
    readonly previous_flowrate?: number;
    readonly count?: number;
  };
}

/** An event in a few words: `Midland pump, 24,000 bbl/d`. */
export function eventSummary(payload: string): string {
  const { data = {} } = JSON.parse(payload) as Payload;
  const { sensor_name = '', flowrate: value, previous_flowrate: previous, count } = data;
  const name = isolated(sensor_name);
  if (count !== undefined) return `${name}, ${quantity(count)} readings`;
  if (value === undefined) return name;
  const before = previous === undefined ? '' : `${quantity(previous)} bbl/d → `;
  return `${name}, ${before}${quantity(value)} bbl/d`;
}
