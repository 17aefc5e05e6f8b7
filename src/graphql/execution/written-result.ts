import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { TimeSlices } from './time-slices.js';

/** The JSON of a large result, in the parts in which it was written. */
export class WrittenResult {
  private before = '';
  private after = '';

  /** @param data the JSON of the result's data */
  constructor(
    private readonly data: readonly Buffer[],
    private readonly slices: TimeSlices,
  ) {}

  /** Adds what the final result has beside the data. */
  complete(result: object): void {
    const members = Object.entries(result).filter(([, value]) => value !== undefined);
    const at = members.findIndex(([name]) => name === 'data');
    const json = members.map(([name, value]) =>
      name === 'data' ? '"data":' : `${JSON.stringify(name)}:${JSON.stringify(value)}`,
    );
    this.before = `{${json.slice(0, at + 1).join(',')}`;
    this.after = `${['', ...json.slice(at + 1)].join(',')}}`;
  }

  *[Symbol.iterator](): Generator<Buffer> {
    yield Buffer.from(this.before);
    yield* this.data;
    yield Buffer.from(this.after);
  }

  /** Ends a response with it, as fast as the client takes it. */
  async sendTo(response: ServerResponse, stallMs: number): Promise<void> {
    const length = [...this].reduce((sum, part) => sum + part.length, 0);
    response.setHeader('Content-Length', length);
    const { socket } = response;
    // Node counts time only while nothing is taken, and then destroys the socket.
    socket?.setTimeout(stallMs);
    for (const part of this) {
      if (response.destroyed) return;
      if (!response.write(part)) await drained(response);
      if (this.slices.isOver) await this.slices.next();
    }
    response.end();
    socket?.setTimeout(0);
  }
}

/** Also of a response that is closed, which may have been before it was written to. */
async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const waiting = new AbortController();
  const { signal } = waiting;
  await Promise.race([
    once(response, 'drain', { signal }),
    once(response, 'close', { signal }),
  ]).catch(() => undefined);
  waiting.abort();
}
