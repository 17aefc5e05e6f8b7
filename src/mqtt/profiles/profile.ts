import type { FieldReading } from '../../domain/transfer/devices/field-readings.js';

/** A reading in a message; without a datetime it was taken when the message arrived. */
export type ReadValue = Omit<FieldReading, 'datetime'> & { readonly datetime: Date | undefined };

/** A message is not what the profile expects. */
export class BadMessageError extends Error {}

/**
 * Reads a message.
 * @param sensor the name in its topic, if the template has one
 * @returns its readings, and a sentence for each that cannot be read
 * @throws BadMessageError
 */
export type ReadProfile = (
  payload: Buffer,
  sensor: string | undefined,
) => readonly (ReadValue | string)[];
