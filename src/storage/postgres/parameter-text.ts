import { arrayElements } from './binary-array.js';

/** The value of a parameter as PostgreSQL writes it. */
export function parameterText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Buffer) return arrayText(arrayElements(value));
  if (Array.isArray(value)) return arrayText(value as unknown[]);
  return String(value);
}

function arrayText(values: readonly unknown[]): string {
  return `{${values.map(elementText).join(',')}}`;
}

function elementText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return String(value);
  return `"${String(value).replace(/[\\"]/g, String.raw`\$&`)}"`;
}
