import type { Calendar } from './presets.js';

const KEY = 'flowgate.calendar';

/**
 * The zone and contract day that were chosen last in this browser; none in one that keeps nothing.
 */
export function keptCalendar(): Partial<Calendar> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

export function keepCalendar({ timeZone, dayStart }: Calendar): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ timeZone, dayStart }));
  } catch {
    // A browser may be set to keep nothing; then the choice lasts as long as the page.
  }
}
