import type { ExecutionResult } from 'graphql';

/** Results of a subscription that are sent together, as each protocol has them. */
export class ResultBatch {
  /** as server-sent events, https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md */
  readonly events: Buffer;

  constructor(readonly results: readonly ExecutionResult[]) {
    this.events = Buffer.from(results.map(nextEvent).join(''));
  }

  /** without the first `count` results */
  after(count: number): ResultBatch {
    return count === 0 ? this : new ResultBatch(this.results.slice(count));
  }
}

export function nextEvent(result: object): string {
  return `event: next\ndata: ${JSON.stringify(result)}\n\n`;
}
