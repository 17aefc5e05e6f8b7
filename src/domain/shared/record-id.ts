const LARGEST = 2 ** 31 - 1;

/** Whether there can be a record of that id: the database's `integer`, counted from 1. */
export function isRecordId(id: number): boolean {
  return Number.isInteger(id) && id > 0 && id <= LARGEST;
}
