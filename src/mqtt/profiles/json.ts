import { readQuality, type Quality } from '../../domain/pings/quality.js';
import { withinCalendar, parseInstant } from '../../domain/shared/time.js';
import { BadMessageError } from './profile.js';

const MAX_QUOTED = 100;
/** Larger numbers are milliseconds since 1970: as seconds they would be after the year 5000. */
const MAX_SECONDS = 1e11;
const MAX_MS = 253_402_300_799_999;

/** @throws BadMessageError */
export function parsePayload(payload: Buffer): unknown {
  const text = payload.toString();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadMessageError(`The message is not JSON: ${quoted(text)}.`);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As JSON, in at most 100 characters. */
export function quoted(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}

/** An instant in ISO 8601, or in seconds or milliseconds since 1970; undefined for anything else. */
export function readDatetime(value: unknown): Date | undefined {
  if (typeof value === 'string') return parseInstant(value);
  if (typeof value !== 'number' || !(Math.abs(value) <= MAX_MS)) return undefined;
  return withinCalendar(Math.floor(Math.abs(value) < MAX_SECONDS ? value * 1000 : value));
}

/** The two highest of eight bits; the others say why. */
const OPC_SEVERITY = 0xc0;

/**
 * A quality as devices write it: of OPC (0 to 255), a word such as `good`, or `false` for a bad one.
 * Undefined for anything else, and where the message has none.
 */
export function readDeviceQuality(quality: unknown): Quality | undefined {
  if (typeof quality === 'boolean') return quality ? 'GOOD' : 'BAD';
  return readQuality(typeof quality === 'number' ? quality & OPC_SEVERITY : quality);
}
