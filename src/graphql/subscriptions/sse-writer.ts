import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Principal } from '../../domain/shared/principal.js';

const DROP_TIMEOUT_MS = 1000;
// A keep-alive is sent every 12 s: a client that takes nothing for longer than this is gone.
const WRITE_TIMEOUT_MS = 30_000;
const MAX_UNWRITTEN = 16;

/** Writes events as fast as their client takes them, and delays their source accordingly. */
export class SseWriter {
  private unwritten = 0;
  private wake: () => void = () => undefined;

  constructor(
    readonly principal: Principal,
    private readonly response: ServerResponse,
  ) {}

  /** Waits until there is room for another result, and reserves it. */
  async reserve(): Promise<void> {
    while (this.unwritten >= MAX_UNWRITTEN && !this.response.closed) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    this.unwritten++;
  }

  async write(events: AsyncGenerator<string>): Promise<void> {
    const { response } = this;
    response.once('close', () => {
      this.wake();
      void events.return(undefined);
    });
    for await (const event of events) {
      const timer = setTimeout(() => response.destroy(), WRITE_TIMEOUT_MS).unref();
      await new Promise<void>((resolve) => response.write(event, () => resolve()));
      clearTimeout(timer);
      if (!response.writable) return;
      if (event.startsWith('event: next')) this.unwritten--;
      this.wake();
    }
    response.end();
    await once(response, 'close');
  }

  /** Disconnects the client, after a moment in which it can read why. */
  drop(): void {
    setTimeout(() => {
      if (!this.response.closed) this.response.destroy();
    }, DROP_TIMEOUT_MS).unref();
  }
}
