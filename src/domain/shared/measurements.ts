import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

/** A kind of event that may be measured. Publishing one costs nothing while nothing subscribes. */
class Measurement<Event> {
  private readonly name;
  private readonly channel;

  constructor(name: string) {
    this.name = `flowgate.${name}`;
    this.channel = channel(this.name);
  }

  publish(event: Event): void {
    if (this.channel.hasSubscribers) this.channel.publish(event);
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (event: Event) => void): () => void {
    const onMessage = (message: unknown) => listener(message as Event);
    subscribe(this.name, onMessage);
    return () => {
      unsubscribe(this.name, onMessage);
    };
  }
}

/** A transaction in which requests to record pings were committed together. */
export const groupCommits = new Measurement<{
  readonly durationMs: number;
  readonly requests: number;
}>('group_commit');

/** An attempt to deliver a webhook. */
export const webhookAttempts = new Measurement<{
  readonly durationMs: number;
  readonly isSuccess: boolean;
}>('webhook_attempt');

/** A failure of the server, in a request or in the background. */
export const failures = new Measurement<{ readonly inRequest: boolean }>('failure');
