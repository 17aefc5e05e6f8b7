import { quantity } from './format.js';
import { rounded } from './rounding.js';

const TOO_LARGE = 1e12;

/**
 * Writes volumes to the hundredth of a barrel; all of those that are less than one to the
 * millionth.
 */
export function volumeFormat(volumes: readonly number[]): {
  readonly decimals: number;
  readonly format: (value: number) => string;
} {
  const largest = Math.max(...volumes.map(Math.abs), 0);
  if (largest >= TOO_LARGE) return { decimals: 0, format: quantity };
  const decimals = largest === 0 || largest >= 1 ? 2 : 6;
  const numbers = new Intl.NumberFormat(undefined, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  // No volume is written as "-0.00".
  return { decimals, format: (value) => numbers.format(rounded(value, decimals) + 0) };
}

/**
 * Rounds parts so that they add up to their rounded total: each to the nearest, but those for which
 * it makes the least difference to the next, where the sum would be off.
 */
export function roundedParts(total: number, parts: readonly number[], decimals: number): number[] {
  const scale = 10 ** decimals;
  const units = parts.map((part) => Math.round(part * scale));
  const missing = Math.round(total * scale) - units.reduce((sum, each) => sum + each, 0);
  const step = Math.sign(missing);
  const nearestFirst = parts
    .map((part, index) => ({ index, error: (part * scale - units[index]!) * step }))
    .sort((a, b) => b.error - a.error);
  for (const { index } of nearestFirst.slice(0, Math.abs(missing))) units[index]! += step;
  return units.map((unit) => unit / scale);
}
