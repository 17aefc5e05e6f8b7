import { readInstant, writeInstant } from './binary-instant.js';
import { instantParameter } from './instant-parameter.js';

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

const READERS: Readonly<Record<number, (buffer: Buffer, at: number) => number | string>> = {
  [INT4]: (buffer, at) => buffer.readInt32BE(at),
  [INT8]: (buffer, at) => String(buffer.readBigInt64BE(at)),
  [FLOAT8]: (buffer, at) => buffer.readDoubleBE(at),
  [TIMESTAMPTZ]: (buffer, at) => instantParameter(new Date(readInstant(buffer, at))),
  [JSONB]: (buffer, at) => buffer.toString('utf8', at + 1, at + buffer.readInt32BE(at - 4)),
};

/** The elements of such a parameter: numbers, and what they are not exactly as text. */
export function arrayElements(buffer: Buffer): (number | string)[] {
  const read = READERS[buffer.readInt32BE(8)]!;
  const elements: (number | string)[] = [];
  for (let at = HEADER_BYTES; at < buffer.length; at += buffer.readInt32BE(at - 4)) {
    at += 4;
    elements.push(read(buffer, at));
  }
  return elements;
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
