import type { ServerResponse } from 'node:http';
import type { Turns } from '../../domain/shared/time-slices.js';
import { taken } from '../../http/taken.js';

/** The JSON of a large result, in the parts in which it was written. */
export class WrittenResult {
  private before = '';
  private after = '';

  /** @param data the JSON of the result's data */
  constructor(
    private readonly data: readonly Buffer[],
    private readonly turns: Turns,
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
      if (!response.write(part)) await taken(response, 'drain');
      if (this.turns.isOver) await this.turns.next();
    }
    response.end();
    socket?.setTimeout(0);
  }
}
