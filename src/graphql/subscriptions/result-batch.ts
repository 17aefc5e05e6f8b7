import type { ExecutionResult } from 'graphql';

/** Results of a subscription that are sent together, as each protocol has them. */
export class ResultBatch {
  /** as server-sent events, https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md */
  readonly events: Buffer;

  /** @param each of the results as an event */
  constructor(
    readonly results: readonly ExecutionResult[],
    private readonly each: readonly string[],
  ) {
    this.events = Buffer.from(each.join(''));
  }

  /** without the first `count` results */
  after(count: number): ResultBatch {
    if (count === 0) return this;
    return new ResultBatch(this.results.slice(count), this.each.slice(count));
  }
}

export function nextEvent(result: object): string {
  return `event: next\ndata: ${JSON.stringify(result)}\n\n`;
}
