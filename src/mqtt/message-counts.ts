import type { RefusedMessage } from '../domain/transfer/broker-state.js';

const MAX_KEPT = 20;

/** Counts what comes of messages. */
export class MessageCounts {
  lastMessageAt: Date | undefined;
  recorded = 0;
  refused = 0;
  private last: RefusedMessage[] = [];

  get lastRefused(): readonly RefusedMessage[] {
    return this.last;
  }

  refuse(refused: RefusedMessage): void {
    this.refused++;
    this.last = [refused, ...this.last].slice(0, MAX_KEPT);
  }
}
