const MAX_ID = 2 ** 31 - 1;

/** Whether a record can have that id: the database's `integer`, counted from 1. */
export function isRecordId(id: number): boolean {
  return Number.isInteger(id) && id > 0 && id <= MAX_ID;
}
