import { Aedes, type AedesOptions, type Client } from 'aedes';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { connectAsync, type IClientPublishOptions, type MqttClient } from 'mqtt';
import { generate } from 'mqtt-packet';
import type { MqttConfig } from '../../src/mqtt/config.js';
import { SensorTemplate } from '../../src/mqtt/sparkplug/sensor-template.js';
import { TopicTemplate } from '../../src/mqtt/topic-template.js';

/** A real broker on loopback, and a publisher beside it. */
export class TestBroker {
  /** what Flowgate has acknowledged, by payload */
  readonly acknowledged: string[] = [];
  private publisher: MqttClient | undefined;

  private constructor(
    readonly aedes: Aedes,
    private readonly server: Server,
    readonly port: number,
  ) {
    aedes.on('ack', (packet) => {
      // None of a message that `send` sent.
      const { payload } = { ...(packet as { payload?: Buffer } | undefined) };
      if (payload) this.acknowledged.push(payload.toString());
    });
  }

  static async listen(options: AedesOptions = {}, port = 0): Promise<TestBroker> {
    const aedes = await Aedes.createBroker(options);
    const server = createServer((stream) => void aedes.handle(stream));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new TestBroker(aedes, server, (server.address() as AddressInfo).port);
  }

  config(more: Partial<Omit<MqttConfig, 'topics'>> & { topics?: readonly string[] }): MqttConfig {
    const { topics = ['site/{sensor}/flow'], ...rest } = more;
    return {
      url: new URL(`mqtt://127.0.0.1:${this.port}`),
      ...{ username: undefined, password: undefined, clientId: 'flowgate' },
      ...{ account: 'ours', profile: 'plain', hostId: undefined },
      sensor: SensorTemplate.parse('{group}/{node}/{device}/{metric}')!,
      ...rest,
      topics: topics.map((topic) => TopicTemplate.parse(topic)!),
    };
  }

  /** Until Flowgate has subscribed. */
  async subscribed(): Promise<void> {
    await once(this.aedes, 'subscribe');
  }

  async publish(
    topic: string,
    message: object | string | number | Buffer,
    options: IClientPublishOptions = { qos: 1 },
  ): Promise<void> {
    this.publisher ??= await connectAsync(`mqtt://127.0.0.1:${this.port}`);
    const payload =
      typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);
    await this.publisher.publishAsync(topic, payload, options);
  }

  /** Cuts Flowgate's connection. */
  cut(): void {
    this.connection.destroy();
  }

  /** Sends a message as a broker does after a reconnection, which aedes does without the flag. */
  send(messageId: number, topic: string, payload: string, dup: boolean): void {
    const packet = {
      cmd: 'publish',
      messageId,
      topic,
      payload,
      dup,
      qos: 1,
      retain: false,
    } as const;
    this.connection.write(generate(packet));
  }

  private get connection(): Duplex {
    const { clients } = this.aedes as unknown as { clients: Record<string, Client> };
    return clients['flowgate']!.conn;
  }

  async close(): Promise<void> {
    await this.publisher?.endAsync(true);
    const closed = once(this.server, 'close');
    this.server.close();
    await new Promise<void>((resolve) => this.aedes.close(resolve));
    await closed;
  }
}

/** Asks again until what is read meets the condition; the limit of the test ends what never does. */
export async function until<T>(
  read: () => T | Promise<T>,
  isMet: (value: T) => boolean,
): Promise<T> {
  for (;;) {
    const value = await read();
    if (isMet(value)) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
