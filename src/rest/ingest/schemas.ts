import { z } from 'zod';
import { InvalidInputError } from '../../domain/shared/errors.js';
import { parseInstant } from '../../domain/shared/time.js';
import type { DeviceMessage } from '../../domain/transfer/devices/device-messages.js';

/**
 * Reads the body of a network server's webhook.
 * @returns undefined where it is an event other than a device's message
 * @throws InvalidInputError
 */
export type ReadMessage = (body: unknown, event: string | undefined) => DeviceMessage | undefined;

export const instant = z.string().transform((text, context) => {
  const parsed = parseInstant(text);
  if (parsed) return parsed;
  context.addIssue(`Must be a datetime in ISO 8601; got ${JSON.stringify(text)}.`);
  return z.NEVER;
});

/** The JSON of protocol buffers leaves out what is 0. */
export const count = z.number().int().min(0).default(0);

export const decoded = z.record(z.string(), z.unknown()).nullish();

/** @throws InvalidInputError that names each field, such as `uplink_message.received_at` */
export function parseAs<T>(schema: z.ZodType<T>, body: unknown): T {
  const { success, data, error } = schema.safeParse(body);
  if (success) return data;
  const [first, ...more] = error.issues.map(({ path, message, code }) => ({
    path: path.length > 0 ? [path.join('.')] : [],
    message: code === 'custom' ? message : `${message}.`,
  }));
  throw new InvalidInputError([first!, ...more]);
}
