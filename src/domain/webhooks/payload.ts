import { qualityOf } from '../../storage/pings/quality.js';
import type { EventRow } from '../../storage/webhooks/queue-store.js';
import { formatInstant } from '../shared/time.js';

export const EVENT_TYPES = [
  ...(['ping_received', 'ping_corrected', 'pings_deleted'] as const),
  ...(['volume_revised', 'imbalance_detected', 'period_closed', 'statement_issued'] as const),
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/**
 * The body of a delivery, its fields in the documented order. It is the same at each attempt, for
 * it is made of what was stored when the event happened.
 */
export function webhookPayload(event: EventRow): string {
  return JSON.stringify({ type: event.event_type, api_version: '1', data: dataOf(event) });
}

function dataOf(event: EventRow): object {
  const { sensor_id, sensor_name } = event;
  if (event.data) return event.data;
  if (event.event_type === 'pings_deleted') {
    const { range_start, range_end, ping_count } = event;
    const [start, end] = [formatMs(range_start), formatMs(range_end)];
    return { sensor_id, sensor_name, start, end, count: ping_count };
  }
  const { ping_id, flowrate, previous_flowrate, at, quality } = event;
  const data = {
    id: Number(ping_id),
    sensor_id,
    sensor_name,
    flowrate,
    datetime: formatMs(at),
    // The documented body of a good reading has no quality.
    ...(quality !== null && { quality: qualityOf(quality) }),
  };
  return event.event_type === 'ping_corrected' ? { ...data, previous_flowrate } : data;
}

function formatMs(milliseconds: number | null): string {
  return formatInstant(new Date(milliseconds ?? 0));
}
