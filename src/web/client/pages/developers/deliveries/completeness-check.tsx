import { useQuery } from 'urql';
import { WebhookEventsDocument } from '../../../../../generated/graphql/graphql.js';
import { Badge } from '../../../components/badge.js';
import { Failure } from '../../../components/failure.js';
import { Instant } from '../../../components/instant.js';
import { quantity } from '../../../format.js';
import { completenessOf } from './completeness.js';
import { StatusBadge } from './delivery-row.js';

const MOST_LISTED = 50;

/** What there is after a number: whether none is missing, and which the endpoint did not take. */
export function CompletenessCheck({
  id,
  after,
  onContinue,
}: {
  id: string;
  after: number;
  onContinue: (after: number) => void;
}) {
  const [{ data, error }, ask] = useQuery({
    query: WebhookEventsDocument,
    variables: { id, after },
  });
  const events = data?.webhookEndpoint?.events;
  if (error) return <Failure what="The events" error={error} retry={() => ask()} />;
  if (!events) return <p role="status">Checking…</p>;
  const { from, to, count, missing, unsuccessful, hasMore } = completenessOf(after, events);
  if (after > events.lastSequence) {
    return (
      <p className="notice bad" role="status">
        {quantity(after)} was never sent: the last number is {quantity(events.lastSequence)}. Is it
        another endpoint’s?
      </p>
    );
  }
  const isComplete = count === 0 && missing.length === 0;
  return (
    <div className="stack" role="status">
      {isComplete && (
        <p>
          <Badge tone="good">Complete</Badge> Nothing was sent after {quantity(after)}.
          {events.unnumbered > 0 && ` ${quantity(events.unnumbered)} more wait to be sent.`}
        </p>
      )}
      {from !== undefined && to !== undefined && (
        <p>
          {quantity(count)} {count === 1 ? 'event' : 'events'} after {quantity(after)}: numbers{' '}
          {quantity(from)} to {quantity(to)}
          {missing.length === 0 && ', none missing'}.{' '}
          {unsuccessful.length === 0
            ? 'The endpoint took all of them.'
            : `The endpoint has not taken ${quantity(unsuccessful.length)} of them.`}
        </p>
      )}
      {missing.map((stretch) => (
        <p key={stretch.from} className="notice warning">
          {quantity(stretch.from)} to {quantity(stretch.to)} are no longer in the log, which is kept
          for a limited time. What they told of is still among the pings.
        </p>
      ))}
      {unsuccessful.length > 0 && (
        <ul className="number-list">
          {unsuccessful
            .slice(0, MOST_LISTED)
            .map(({ id: delivery, sequence, status, createdAt }) => (
              <li key={delivery} className="row">
                <strong>{quantity(sequence ?? 0)}</strong> <StatusBadge status={status} />
                <span className="small quiet">
                  queued <Instant at={createdAt} />
                </span>
              </li>
            ))}
        </ul>
      )}
      {unsuccessful.length > MOST_LISTED && (
        <p className="small quiet">The first {MOST_LISTED} of them.</p>
      )}
      {hasMore && to !== undefined && (
        <button type="button" onClick={() => onContinue(to)}>
          Go on after {quantity(to)}
        </button>
      )}
    </div>
  );
}
