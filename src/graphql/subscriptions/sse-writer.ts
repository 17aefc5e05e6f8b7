import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Principal } from '../../domain/shared/principal.js';

const DROP_PATIENCE_MS = 1000;
// Every 12 s there is something to take: a client that takes nothing for so long is gone.
const WRITE_PATIENCE_MS = 30_000;
const MOST_UNWRITTEN = 16;

/** Writes events as fast as their client takes them, and holds up what makes them. */
export class SseWriter {
  private unwritten = 0;
  private wake: () => void = () => undefined;

  constructor(
    readonly principal: Principal,
    private readonly response: ServerResponse,
  ) {}

  /** Waits until there is room for one result more, which is then taken. */
  async reserve(): Promise<void> {
    while (this.unwritten >= MOST_UNWRITTEN && !this.response.closed) {
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
      const timer = setTimeout(() => response.destroy(), WRITE_PATIENCE_MS).unref();
      await new Promise<void>((resolve) => response.write(event, () => resolve()));
      clearTimeout(timer);
      if (!response.writable) return;
      if (event.startsWith('event: next')) this.unwritten--;
      this.wake();
    }
    response.end();
    await once(response, 'close');
  }

  /** Cuts a client that takes nothing; one that does has a moment to be told why it ends. */
  drop(): void {
    setTimeout(() => {
      if (!this.response.closed) this.response.destroy();
    }, DROP_PATIENCE_MS).unref();
  }
}
