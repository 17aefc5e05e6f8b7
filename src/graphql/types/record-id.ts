import { isRecordId } from '../../domain/shared/record-id.js';

/**
 * Reads an ID that is a positive integer in its usual form; undefined for any other, which no
 * record has.
 */
export function readId(id: string): number | undefined {
  const number = /^[1-9]\d*$/.test(id) ? Number(id) : 0;
  return isRecordId(number) ? number : undefined;
}

/** An id that no record has, for calls that report that themselves. */
export const NO_ID = 0;
