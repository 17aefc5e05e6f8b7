import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What JSON can express. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * Checksums in the shape of what they are of: eight hexadecimal digits for a value; for an object of
 * values these of its fields in a row, in the order of their names; an object or an array of checksums
 * for anything else.
 */
export type Checksums = string | readonly Checksums[] | { readonly [key: string]: Checksums };

/** The canonical form of RFC 8785: no spaces, and fields in the order of their names. */
export function canonical(value: Json): string {
  return JSON.stringify(inOrder(value));
}

export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/**
 * Says where something was changed, which one hash of all of it cannot. They are no protection: that
 * is what the hash and the signature are for.
 */
export function checksumsOf(value: Json): Checksums {
  if (isArray(value)) return value.map(checksumsOf);
  if (!isObject(value)) return checksum('', value);
  const names = namesOf(value);
  if (isFlat(value)) return names.map((name) => checksum(name, value[name]!)).join('');
  return Object.fromEntries(
    names.map((name) => {
      const field = value[name]!;
      return [name, isNested(field) ? checksumsOf(field) : checksum(name, field)];
    }),
  );
}

/** The places of a value that differ from its checksums, such as `hours[3].volume`. */
export function changedPlaces(value: Json, checksums: unknown, place: string): string[] {
  const own = checksumsOf(value);
  return differences(value, own, checksums, place);
}

function differences(value: Json, own: Checksums, given: unknown, place: string): string[] {
  if (isArray(value)) {
    if (!Array.isArray(given) || given.length !== value.length) return [place];
    return value.flatMap((item, index) =>
      differences(item, (own as Checksums[])[index]!, given[index], `${place}[${index}]`),
    );
  }
  if (typeof own === 'string') {
    if (own === given) return [];
    if (!isObject(value) || typeof given !== 'string' || given.length !== own.length)
      return [place];
    const changed = namesOf(value).filter(
      (_, index) => own.slice(index * 8, index * 8 + 8) !== given.slice(index * 8, index * 8 + 8),
    );
    return changed.map((name) => `${place}.${name}`);
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return [place];
  const object = value as JsonObject;
  const sums = given as Record<string, unknown>;
  const names = [...new Set([...Object.keys(object), ...Object.keys(sums)])].sort(byCodeUnits);
  return names.flatMap((name) => {
    const field = object[name];
    const at = `${place}.${name}`;
    if (field === undefined || sums[name] === undefined) return [at];
    return differences(field, (own as Record<string, Checksums>)[name]!, sums[name], at);
  });
}

function checksum(name: string, value: Json): string {
  return crc32(`${name}:${JSON.stringify(value)}`)
    .toString(16)
    .padStart(8, '0');
}

/** The value with the fields of every object in the order of their names. */
function inOrder(value: Json): Json {
  if (isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  if (isFlat(value) && isSorted(Object.keys(value))) return value;
  return Object.fromEntries(namesOf(value).map((name) => [name, inOrder(value[name]!)]));
}

function namesOf(value: JsonObject): string[] {
  const names = Object.keys(value);
  // Most are, and to see that costs less than to sort them.
  return isSorted(names) ? names : names.sort(byCodeUnits);
}

function isSorted(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || names[index - 1]! < name);
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isFlat(value: JsonObject): boolean {
  for (const name in value) if (isNested(value[name]!)) return false;
  return true;
}

function isNested(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return isNested(value) && !isArray(value);
}
