import { arrayElements } from './binary-array.js';

/** The value of a parameter as PostgreSQL writes it. */
export function parameterText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Buffer) return arrayText(arrayElements(value));
  return Array.isArray(value) ? arrayText(value) : scalarText(value);
}

function arrayText(values: readonly unknown[]): string {
  return `{${values.map(elementText).join(',')}}`;
}

function elementText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return `"${scalarText(value).replace(/[\\"]/g, String.raw`\$&`)}"`;
}

function scalarText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
