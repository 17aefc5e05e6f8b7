import type { Turns } from '../../domain/shared/time-slices.js';
import { JsonBytes } from '../../http/json-bytes.js';
import { WrittenJson } from './written-json.js';

/** Values that are written at once. */
const PART = 2000;

/** The same as JSON.stringify, as UTF-8. */
export function jsonOf(value: unknown): readonly Uint8Array[] {
  const out = new JsonBytes();
  for (const part of write(value)) add(out, part);
  return out.end();
}

/** The same with pauses in which the event loop serves others. */
export async function jsonInParts(value: unknown, turns: Turns): Promise<readonly Uint8Array[]> {
  const out = new JsonBytes();
  for (const part of write(value)) {
    add(out, part);
    if (turns.isOver) await turns.next();
  }
  return out.end();
}

function add(out: JsonBytes, part: string | WrittenJson): void {
  if (typeof part === 'string') out.json(part);
  else out.append(part.chunks);
}

function* write(value: unknown): Generator<string | WrittenJson> {
  if (value instanceof WrittenJson) yield value;
  else if (countUpTo(PART, value) < PART) yield JSON.stringify(value);
  else if (Array.isArray(value)) yield* writeList(value);
  else yield* writeObject(value as Readonly<Record<string, unknown>>);
}

function* writeList(items: readonly unknown[]): Generator<string | WrittenJson> {
  yield '[';
  let [start, count] = [0, 0];
  for (const [index, item] of items.entries()) {
    const size = countUpTo(PART, item);
    count += size;
    if (count < PART) continue;
    if (index > start) yield `${withoutBrackets(items.slice(start, index))},`;
    yield* write(item);
    if (index + 1 < items.length) yield ',';
    [start, count] = [index + 1, 0];
  }
  if (start < items.length) yield withoutBrackets(items.slice(start));
  yield ']';
}

function* writeObject(object: Readonly<Record<string, unknown>>): Generator<string | WrittenJson> {
  let separator = '{';
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${separator}${JSON.stringify(key)}:`;
    yield* write(value);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

function withoutBrackets(items: readonly unknown[]): string {
  return JSON.stringify(items).slice(1, -1);
}

/** The number of values in a value, itself among them, or any number from `limit` on. */
function countUpTo(limit: number, value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof WrittenJson) return limit;
  let count = 1;
  // Without the names of places, which `in` makes of a list.
  if (Array.isArray(value)) {
    for (let place = 0; place < value.length && count < limit; place++) {
      count += countUpTo(limit - count, value[place]);
    }
    return count;
  }
  for (const key in value) {
    count += countUpTo(limit - count, (value as Record<string, unknown>)[key]);
    if (count >= limit) break;
  }
  return count;
}
