import { z } from 'zod';
import { count, decoded, instant, parseAs, type ReadMessage } from './schemas.js';

// https://www.thethingsindustries.com/docs/reference/data-formats/#uplink-messages
const UPLINK = z.object({
  end_device_ids: z.object({
    device_id: z.string().min(1),
    dev_eui: z.string().optional(),
    application_ids: z.object({ application_id: z.string().min(1) }),
  }),
  received_at: instant,
  uplink_message: z.object({
    session_key_id: z.string().optional(),
    f_port: count,
    f_cnt: count,
    decoded_payload: decoded,
    received_at: instant.optional(),
  }),
});

/** An uplink of The Things Stack v3; its other messages, such as joins and simulated uplinks, have none. */
export const readTtnMessage: ReadMessage = (body) => {
  if (isObject(body) && 'end_device_ids' in body && !isFromDevice(body)) return undefined;
  const { end_device_ids: ids, received_at, uplink_message: uplink } = parseAs(UPLINK, body);
  const name = `${ids.application_ids.application_id}/${ids.device_id}`;
  const session = uplink.session_key_id;
  return {
    network: 'TTN',
    devices: ids.dev_eui ? [ids.dev_eui, name] : [name],
    devicePath: 'end_device_ids',
    // Within a session the counter of a device only ascends.
    id: session === undefined ? undefined : `${name} ${session} ${uplink.f_cnt}`,
    // The network server received it first, the application server adds what takes it.
    receivedAt: uplink.received_at ?? received_at,
    port: uplink.f_port,
    fields: uplink.decoded_payload ?? undefined,
    fieldsPath: 'uplink_message.decoded_payload',
  };
};

/** A simulated uplink is what somebody typed in to try an integration: nothing flowed. */
function isFromDevice(body: object): boolean {
  return 'uplink_message' in body && !('simulated' in body && body.simulated === true);
}

function isObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null;
}
