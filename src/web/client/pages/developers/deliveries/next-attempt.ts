import { dateTime } from '../../../format.js';

/** When a delivery is tried next. While its endpoint fails, one at a time is, so that the others wait longer. */
export function nextAttempt(at: string, now: Date = new Date()): string {
  const due = new Date(at);
  return due > now
    ? `at ${dateTime(due, undefined, true)}`
    : 'as soon as the endpoint takes others again';
}
