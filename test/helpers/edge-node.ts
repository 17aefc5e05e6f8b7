import { EventEmitter, once } from 'node:events';
import { connectAsync, type MqttClient } from 'mqtt';
import { get } from 'sparkplug-payload';
import type { UMetric, UPayload } from 'sparkplug-payload/lib/sparkplugbpayload.js';

const codec = get('spBv1.0')!;

/** An edge node of Sparkplug B, which encodes with the codec of Eclipse Tahu. */
export class EdgeNode {
  /** the names of the commands that it got */
  readonly commands: string[] = [];
  private readonly events = new EventEmitter();
  private seq = 0;

  private constructor(
    private readonly client: MqttClient,
    private readonly group: string,
    private readonly node: string,
  ) {
    client.on('message', (_, payload) => {
      for (const { name } of codec.decodePayload(payload).metrics ?? []) this.commands.push(name!);
      this.events.emit('command');
    });
  }

  static async connect(port: number, group: string, node: string): Promise<EdgeNode> {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
    await client.subscribeAsync(`spBv1.0/${group}/NCMD/${node}`);
    return new EdgeNode(client, group, node);
  }

  /** Until the next command. */
  async commanded(): Promise<void> {
    await once(this.events, 'command');
  }

  async birth(metrics: UMetric[], bdSeq = 0): Promise<void> {
    this.seq = 0;
    await this.send('NBIRTH', { metrics: [...metrics, this.bdSeq(bdSeq)] });
  }

  /** Has no number in the order of messages. */
  async death(bdSeq = 0): Promise<void> {
    await this.publish('NDEATH', { metrics: [this.bdSeq(bdSeq)] });
  }

  async send(type: string, payload: UPayload, device?: string): Promise<void> {
    const seq = this.seq;
    this.skip();
    await this.publish(type, { ...payload, seq }, device);
  }

  /** Loses a message. */
  skip(): void {
    this.seq = (this.seq + 1) % 256;
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }

  private bdSeq(value: number): UMetric {
    return { name: 'bdSeq', type: 'UInt64', value };
  }

  private async publish(type: string, payload: UPayload, device?: string): Promise<void> {
    const levels = ['spBv1.0', this.group, type, this.node, ...(device ? [device] : [])];
    const bytes = Buffer.from(codec.encodePayload({ timestamp: Date.now(), ...payload }));
    // Data are of QoS 0 as the specification says, deaths of QoS 1.
    await this.client.publishAsync(levels.join('/'), bytes, { qos: type === 'NDEATH' ? 1 : 0 });
  }
}
