import { writeInstant } from './binary-instant.js';

/*
 * Array parameters in PostgreSQL's binary form. As text each number and instant
 * would be spelled here and read there, which for a thousand pings takes longer
 * than their insertion.
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/adt/arrayfuncs.c, array_recv
 */

// pg_type.oid, the same in every version
const INT8 = 20;
const INT4 = 23;
const FLOAT8 = 701;
const TIMESTAMPTZ = 1184;
const JSONB = 3802;

const JSONB_VERSION = 1;
const HEADER_BYTES = 20;

export function int4Array(values: readonly number[]): Buffer {
  return arrayOf(INT4, 4, values, (buffer, value, at) => buffer.writeInt32BE(value, at));
}

export function float8Array(values: readonly number[]): Buffer {
  return arrayOf(FLOAT8, 8, values, (buffer, value, at) => buffer.writeDoubleBE(value, at));
}

/** @param values decimal, because they may exceed what a number can represent exactly */
export function int8Array(values: readonly string[]): Buffer {
  return arrayOf(INT8, 8, values, (buffer, value, at) => buffer.writeBigInt64BE(BigInt(value), at));
}

export function timestamptzArray(values: readonly Date[]): Buffer {
  return arrayOf(TIMESTAMPTZ, 8, values, (buffer, value, at) =>
    writeInstant(buffer, value.getTime(), at),
  );
}

/** @param values JSON */
export function jsonbArray(values: readonly string[]): Buffer {
  const lengths = values.map((value) => 1 + Buffer.byteLength(value));
  const bytes = lengths.reduce((sum, length) => sum + length, 0);
  const buffer = emptyArray(JSONB, values.length, bytes);
  let at = HEADER_BYTES;
  values.forEach((value, index) => {
    at = buffer.writeInt32BE(lengths[index]!, at);
    at = buffer.writeUInt8(JSONB_VERSION, at);
    at += buffer.write(value, at);
  });
  return buffer;
}

function arrayOf<Value>(
  type: number,
  bytes: number,
  values: readonly Value[],
  write: (buffer: Buffer, value: Value, at: number) => number,
): Buffer {
  const buffer = emptyArray(type, values.length, values.length * bytes);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(bytes, at);
    at = write(buffer, value, at);
  }
  return buffer;
}

/** With room for the elements, each after its length. */
function emptyArray(type: number, length: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + length * 4 + bytes);
  // One dimension, no nulls; its length and the index of its first element.
  let at = buffer.writeInt32BE(1, 0);
  at = buffer.writeInt32BE(0, at);
  at = buffer.writeInt32BE(type, at);
  at = buffer.writeInt32BE(length, at);
  buffer.writeInt32BE(1, at);
  return buffer;
}
