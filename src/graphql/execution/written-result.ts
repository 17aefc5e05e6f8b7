import type { ServerResponse } from 'node:http';
import type { Turns } from '../../domain/shared/time-slices.js';
import { taken } from '../../http/taken.js';

/** The JSON of a result, in the chunks in which it was written. */
export class WrittenResult {
  private before = '';
  private after = '';

  /**
   * @param data the JSON of the result's data
   * @param turns undefined where the result is sent at once
   */
  constructor(
    private readonly data: readonly Uint8Array[],
    private readonly turns?: Turns,
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

  /** Ends a response with it, a large one as fast as the client takes it. */
  async sendTo(response: ServerResponse, stallMs: number): Promise<void> {
    const chunks = [Buffer.from(this.before), ...this.data, Buffer.from(this.after)];
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    response.setHeader('Content-Length', length);
    if (this.turns) await sendInTurns(response, chunks, stallMs, this.turns);
    else response.end(Buffer.concat(chunks, length));
  }
}

async function sendInTurns(
  response: ServerResponse,
  chunks: readonly Uint8Array[],
  stallMs: number,
  turns: Turns,
): Promise<void> {
  const { socket } = response;
  // Node counts time only while nothing is taken, and then destroys the socket.
  socket?.setTimeout(stallMs);
  for (const chunk of chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await taken(response, 'drain');
    if (turns.isOver) await turns.next();
  }
  response.end();
  socket?.setTimeout(0);
}
