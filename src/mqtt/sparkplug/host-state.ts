import { setTimeout as pause } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { stateTopic } from './topic.js';

/** A broker that does not answer does not keep the server from ending; it sends the will. */
const LEAVE_TIMEOUT_MS = 2000;

/**
 * Tells edge nodes whether this host application is there: a retained message, which the broker
 * replaces by the will when the connection ends.
 */
export class HostState {
  readonly topic: string;
  // Will and message of a connection have the same instant.
  private timestamp = Date.now();
  private isLeaving = false;

  constructor(hostId: string) {
    this.topic = stateTopic(hostId);
  }

  get will() {
    return { topic: this.topic, payload: this.payload(false), qos: 1, retain: true } as const;
  }

  /** To be called before each connection after the first. */
  renew(client: MqttClient): void {
    this.timestamp = Date.now();
    client.options.will = this.will;
  }

  /** To be called once everything is subscribed to. */
  async announce(client: MqttClient): Promise<void> {
    await client.publishAsync(this.topic, this.payload(true), { qos: 1, retain: true });
  }

  /** The will of an earlier connection may come late. */
  async correct(client: MqttClient, state: Buffer): Promise<void> {
    if (!this.isLeaving && state.toString().includes('false')) await this.announce(client);
  }

  /** To be called before the connection is ended. */
  async leave(client: MqttClient): Promise<void> {
    this.isLeaving = true;
    if (!client.connected) return;
    const left = client.publishAsync(this.topic, this.payload(false), { qos: 1, retain: true });
    await Promise.race([
      left.catch(() => undefined),
      pause(LEAVE_TIMEOUT_MS, undefined, { ref: false }),
    ]);
  }

  private payload(online: boolean): Buffer {
    return Buffer.from(JSON.stringify({ online, timestamp: this.timestamp }));
  }
}
