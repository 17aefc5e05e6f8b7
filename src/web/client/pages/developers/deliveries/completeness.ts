import type { WebhookEventsQuery } from '../../../../../generated/graphql/graphql.js';

type Events = NonNullable<WebhookEventsQuery['webhookEndpoint']>['events'];
type Event = Events['deliveries'][number];

export interface Completeness {
  /** the first and the last number in this part of the log, both inclusive */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly count: number;
  /** ranges of numbers that were sent but are no longer in the log */
  readonly missing: readonly { readonly from: number; readonly to: number }[];
  readonly unsuccessful: readonly Event[];
  readonly hasMore: boolean;
}

/** Which numbers after a given one are in the log, in order. */
export function completenessOf(after: number, { deliveries, lastSequence }: Events): Completeness {
  const missing: { from: number; to: number }[] = [];
  let expected = after + 1;
  for (const { sequence } of deliveries) {
    const number = sequence ?? expected;
    if (number > expected) missing.push({ from: expected, to: number - 1 });
    expected = number + 1;
  }
  const to = deliveries.at(-1)?.sequence ?? undefined;
  const isEnd = deliveries.length === 0;
  if (isEnd && lastSequence >= expected) missing.push({ from: expected, to: lastSequence });
  return {
    from: deliveries[0]?.sequence ?? undefined,
    to,
    count: deliveries.length,
    missing,
    unsuccessful: deliveries.filter(({ status }) => status !== 'SUCCEEDED'),
    hasMore: to !== undefined && to < lastSequence,
  };
}
