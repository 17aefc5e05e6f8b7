import { parseInstant } from '../../shared/time.js';

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Integers of 64 bits are texts in the JSON of protocol buffers. */
export function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const MAX_EPOCH_SECONDS = 253_402_300_799;

/** An instant in ISO 8601, or seconds since 1970. */
export function readInstant(value: unknown): Date | undefined {
  if (typeof value === 'string') return parseInstant(value);
  return typeof value === 'number' && Math.abs(value) <= MAX_EPOCH_SECONDS
    ? new Date(Math.floor(value * 1000))
    : undefined;
}
