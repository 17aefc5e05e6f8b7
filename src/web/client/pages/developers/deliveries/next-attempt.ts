import { dateTime } from '../../../format.js';

/**
 * When a delivery is tried next. While its endpoint fails, only one delivery at a time is tried, so
 * the others wait longer.
 */
export function nextAttempt(at: string, now: Date = new Date()): string {
  const due = new Date(at);
  return due > now
    ? `at ${dateTime(due, undefined, true)}`
    : 'as soon as the endpoint accepts other deliveries again';
}
