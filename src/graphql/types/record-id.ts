import { isRecordId } from '../../domain/shared/record-id.js';

/** An ID that is an integer as it is written out; of any other there is no record: undefined. */
export function readId(id: string): number | undefined {
  const number = /^[1-9]\d*$/.test(id) ? Number(id) : 0;
  return isRecordId(number) ? number : undefined;
}

/** The id where there is no record, for calls that say so themselves. */
export const NO_ID = 0;
