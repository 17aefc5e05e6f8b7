import { z } from 'zod';
import { InvalidInputError } from '../../domain/shared/errors.js';
import { isChirpstackV3, readChirpstackV3 } from './chirpstack-v3.js';
import { count, decoded, instant, parseAs, type ReadMessage } from './schemas.js';

// https://www.chirpstack.io/docs/chirpstack/integrations/events.html
const UP = z.object({
  deduplicationId: z.string().optional(),
  time: instant,
  deviceInfo: z.object({ devEui: z.string().min(1) }),
  fPort: count,
  object: decoded,
});

const OTHERS = ['join', 'ack', 'txack', 'status', 'log', 'error', 'location', 'integration'];

/** An `up` event of ChirpStack v4 or v3, which name the event in the query. */
export const readChirpstackMessage: ReadMessage = (body, event) => {
  if (event !== undefined && OTHERS.includes(event)) return undefined;
  if (event !== undefined && event !== 'up') {
    throw InvalidInputError.of(
      'event',
      `Must be one of up, ${OTHERS.join(', ')}; got ${JSON.stringify(event)}.`,
    );
  }
  if (isChirpstackV3(body)) return readChirpstackV3(body);
  const { deduplicationId, time, deviceInfo, fPort, object } = parseAs(UP, body);
  return {
    network: 'CHIRPSTACK',
    devices: [deviceInfo.devEui],
    devicePath: 'deviceInfo.devEui',
    id: deduplicationId,
    receivedAt: time,
    port: fPort,
    fields: object ?? undefined,
    fieldsPath: 'object',
  };
};
