import type { IPublishPacket, MqttClient } from 'mqtt';
import { Acknowledgements } from './acknowledgements.js';
import type { MqttConfig } from './config.js';
import { HostState } from './sparkplug/host-state.js';

export type MqttMessage = Pick<IPublishPacket, 'topic' | 'retain' | 'dup' | 'messageId'> & {
  readonly payload: Buffer;
};

export interface ConnectionDeps {
  /** Resolves to whether the message is to be acknowledged; it never rejects. */
  readonly onMessage: (message: MqttMessage) => Promise<boolean>;
  /** @param error why there is no connection, or what the broker refused; undefined: all is well */
  readonly onState: (isConnected: boolean, error?: string) => void;
  /** called with each connection: even with a session, messages of QoS 0 may have been missed */
  readonly onConnected: () => void;
  readonly reconnectMs?: number;
}

export interface Connection {
  /** Sends a message once, if there is a connection. */
  publish(topic: string, payload: Buffer): void;
  close(): Promise<void>;
}

// With an error the client reads on and sends no acknowledgement itself.
const NOT_YET = new Error('The message is acknowledged once it is recorded.');
const RECONNECT_MS = 5000;
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Subscribes to a broker's messages, with a session that outlasts the connection: the broker keeps
 * messages of QoS 1 while there is none, and sends again those that were not acknowledged.
 */
export async function connectToBroker(
  config: MqttConfig,
  { onMessage, onState, onConnected, reconnectMs = RECONNECT_MS }: ConnectionDeps,
): Promise<Connection> {
  const { connect } = await import('mqtt');
  const hostState = config.hostId === undefined ? undefined : new HostState(config.hostId);
  const client = connect(config.url.href, {
    ...optionsOf(config),
    ...(hostState && { will: hostState.will }),
    clientId: config.clientId,
    clean: false,
    // This subscribes itself, to learn what the broker refuses.
    resubscribe: false,
    reconnectPeriod: reconnectMs,
    reconnectOnConnackError: true,
  });
  let error: string | undefined;
  client.on('connect', () => {
    error = undefined;
    onConnected();
    void subscribe(client, config, hostState).then((refused) => onState(true, refused));
  });
  client.on('reconnect', () => hostState?.renew(client));
  client.on('error', (failure) => {
    error = describe(failure);
  });
  client.on('close', () => onState(false, error ?? 'The connection was closed.'));
  const acknowledgements = new Acknowledgements();
  client.handleMessage = (packet, handled) => {
    if (packet.topic === hostState?.topic) {
      void hostState.correct(client, Buffer.from(packet.payload)).catch(() => undefined);
      handled();
      return;
    }
    const recorded = onMessage({ ...packet, payload: Buffer.from(packet.payload) });
    const messageId = packet.qos > 0 ? packet.messageId : undefined;
    acknowledgements.add(messageId, client.stream, recorded, () => handled(NOT_YET));
  };
  return {
    publish: (topic, payload) => {
      if (client.connected) client.publish(topic, payload, { qos: 0 });
    },
    close: async () => {
      await hostState?.leave(client);
      await client.endAsync(true);
    },
  };
}

/**
 * Connects as another client, which leaves the session alone, to find out whether that is possible.
 * @returns what is wrong; undefined where all is well
 */
export async function tryBroker(config: MqttConfig): Promise<string | undefined> {
  const { connect } = await import('mqtt');
  const client = connect(config.url.href, {
    ...optionsOf(config),
    clientId: `${config.clientId}-doctor`,
    clean: true,
    reconnectPeriod: 0,
  });
  try {
    await new Promise((resolve, reject) => {
      client.once('connect', resolve).once('error', reject);
      client.once('close', () => reject(new Error('The broker closed the connection.')));
    });
    return await subscribe(client, config);
  } catch (failure) {
    return describe(failure as Error);
  } finally {
    client.on('error', () => undefined);
    await client.endAsync(true);
  }
}

function optionsOf({ username, password }: MqttConfig) {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    connectTimeout: CONNECT_TIMEOUT_MS,
  };
}

/** @returns what the broker refused */
async function subscribe(
  client: MqttClient,
  { topics }: MqttConfig,
  hostState?: HostState,
): Promise<string | undefined> {
  const refused: string[] = [];
  const filters = topics.map(({ filter }) => filter);
  for (const filter of hostState ? [hostState.topic, ...filters] : filters) {
    await client.subscribeAsync(filter, { qos: 1 }).catch(() => refused.push(filter));
  }
  await hostState?.announce(client).catch(() => refused.push(hostState.topic));
  return refused.length > 0 && client.connected
    ? `The broker refuses the subscription to ${refused.join(', ')}.`
    : undefined;
}

function describe(error: Error): string {
  // A connection that was tried on several addresses has an error without a message.
  const { code = error.name } = error as { code?: string | number };
  const text = error.message || String(code);
  return text.split('\n', 1)[0]!;
}
