import { keptCalendar } from './kept-calendar.js';
import type { Calendar } from './presets.js';

export const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const MIDNIGHT = '00:00';

/** The calendar that the address names; what it leaves out is as it was chosen last. */
export function readCalendar(parameters: URLSearchParams): Calendar {
  const kept = keptCalendar();
  return {
    timeZone: [parameters.get('zone'), kept.timeZone].find(isTimeZone) ?? LOCAL_ZONE,
    dayStart: [parameters.get('day'), kept.dayStart].find(isTimeOfDay) ?? MIDNIGHT,
  };
}

/** The parameters of the address for what is not the default. */
export function writeCalendar({ timeZone, dayStart }: Calendar): Record<string, string> {
  const kept = keptCalendar();
  const isUsualZone = timeZone === LOCAL_ZONE && (kept.timeZone ?? LOCAL_ZONE) === LOCAL_ZONE;
  const isUsualDay = dayStart === MIDNIGHT && (kept.dayStart ?? MIDNIGHT) === MIDNIGHT;
  return { ...(!isUsualZone && { zone: timeZone }), ...(!isUsualDay && { day: dayStart }) };
}

/** A range that has not begun counts as not given: nothing is known of it. */
export function readRange(parameters: URLSearchParams, now: number) {
  const start = Date.parse(parameters.get('start') ?? '');
  const end = Date.parse(parameters.get('end') ?? '');
  return start < end && start < now ? { start, end } : undefined;
}

function isTimeOfDay(text: string | null | undefined): text is string {
  return typeof text === 'string' && TIME_OF_DAY.test(text);
}

function isTimeZone(name: string | null | undefined): name is string {
  if (typeof name !== 'string') return false;
  try {
    return Boolean(new Intl.DateTimeFormat(undefined, { timeZone: name }));
  } catch {
    return false;
  }
}
