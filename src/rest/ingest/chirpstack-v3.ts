import { z } from 'zod';
import { InvalidInputError } from '../../domain/shared/errors.js';
import type { DeviceMessage } from '../../domain/transfer/devices/device-messages.js';
import { count, decoded, instant, parseAs } from './schemas.js';

const EUI_BYTES = 8;

/** In hexadecimal, or in base64 as the JSON of protocol buffers has it. */
const eui = z.string().transform((text, context) => {
  if (/^[0-9a-f]{16}$/i.test(text)) return text;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === EUI_BYTES) return bytes.toString('hex');
  context.addIssue(`Must be a DevEUI; got ${JSON.stringify(text)}.`);
  return z.NEVER;
});

// https://www.chirpstack.io/docs/v3-documentation.html, "Event types"
const UP = z.object({
  devEUI: eui,
  fPort: count,
  publishedAt: instant.optional(),
  rxInfo: z.array(z.object({ time: instant.nullish() })).nullish(),
  object: decoded,
  objectJSON: z.string().nullish(),
});

/** Whether a body is an event of version 3, whose devices are named otherwise than those of version 4. */
export function isChirpstackV3(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'devEUI' in body && !('deviceInfo' in body);
}

/** An `up` event of ChirpStack v3. It has no id: one that comes again has the same time. */
export function readChirpstackV3(body: unknown): DeviceMessage {
  const { devEUI, fPort, publishedAt, rxInfo, object, objectJSON } = parseAs(UP, body);
  // A gateway without a clock of its own gives no time.
  const receivedAt = publishedAt ?? rxInfo?.find(({ time }) => time)?.time;
  if (!receivedAt) {
    throw InvalidInputError.of('publishedAt', 'Is missing, and so is the time of a gateway.');
  }
  return {
    network: 'CHIRPSTACK',
    devices: [devEUI],
    devicePath: 'devEUI',
    id: undefined,
    receivedAt,
    port: fPort,
    fields: object ?? (objectJSON ? parseFields(objectJSON) : undefined),
    fieldsPath: object ? 'object' : 'objectJSON',
  };
}

function parseFields(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw InvalidInputError.of('objectJSON', 'Must be a JSON object.');
}
