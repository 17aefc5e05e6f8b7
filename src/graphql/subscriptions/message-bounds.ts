import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { UnavailableError } from '../../domain/shared/errors.js';
import type { BodyBudget, BodyShare } from '../../http/body-budget.js';

/** About what a socket reads at a time; shorter messages do not count. */
const FREE_BYTES = 65_536;

const MESSAGE_TOO_BIG = 1009;
const TRY_AGAIN_LATER = 1013;

export interface MessageBounds {
  readonly bodies: Pick<BodyBudget, 'open'>;
  /** undefined until the socket is authenticated: it has no reason for long messages before */
  readonly accountOf: (socket: WebSocket) => number | undefined;
  /** called with a code to close the socket with; nothing more is read from it */
  readonly close: (code: number, reason: string) => void;
}

/**
 * Bounds the messages that are arriving on all sockets together with the bodies in flight: a message
 * counts from when it begins to arrive until it is whole.
 */
export function boundMessages(socket: WebSocket, stream: Duplex, bounds: MessageBounds): void {
  let [bytes, counted] = [0, 0];
  let share: BodyShare | undefined;
  const release = (): void => {
    share?.release();
    share = undefined;
    bytes = counted = 0;
  };
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= FREE_BYTES) return;
    const accountId = bounds.accountOf(socket);
    if (accountId === undefined) {
      refuse(MESSAGE_TOO_BIG, 'Authenticate first.');
      return;
    }
    try {
      share ??= bounds.bodies.open(accountId);
      share.take(bytes - counted);
      counted = bytes;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      refuse(TRY_AGAIN_LATER, error.message);
    }
  };
  const refuse = (code: number, reason: string): void => {
    stream.removeAllListeners('data');
    stream.resume();
    release();
    bounds.close(code, reason);
  };
  stream.on('data', count);
  socket.on('message', release);
  stream.once('close', release);
}
