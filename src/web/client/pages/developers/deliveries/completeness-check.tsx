import { useQuery } from 'urql';
import { WebhookEventsDocument } from '../../../../../generated/graphql/graphql.js';
import { Badge } from '../../../components/badge.js';
import { Failure } from '../../../components/failure.js';
import { Instant } from '../../../components/instant.js';
import { quantity } from '../../../format.js';
import { completenessOf } from './completeness.js';
import { StatusBadge } from './delivery-row.js';

const MAX_LISTED = 50;

/** The events after a number: whether any is missing, and which the endpoint has not accepted. */
export function CompletenessCheck({
  id,
  after,
  onContinue,
}: {
  id: string;
  after: number;
  onContinue: (after: number) => void;
}) {
  const [{ data, error }, reload] = useQuery({
    query: WebhookEventsDocument,
    variables: { id, after },
  });
  const events = data?.webhookEndpoint?.events;
  if (error) return <Failure what="The events" error={error} retry={() => reload()} />;
  if (!events) return <p role="status">Checking…</p>;
  const { from, to, count, missing, unsuccessful, hasMore } = completenessOf(after, events);
  if (after > events.lastSequence) {
    return (
      <p className="notice bad" role="status">
        {quantity(after)} was never sent: the last number is {quantity(events.lastSequence)}. Does
        it belong to another endpoint?
      </p>
    );
  }
  const isComplete = count === 0 && missing.length === 0;
  return (
    <div className="stack" role="status">
      {isComplete && (
        <p>
          <Badge tone="good">Complete</Badge> Nothing was sent after {quantity(after)}.
          {events.unnumbered > 0 && ` ${quantity(events.unnumbered)} more are waiting to be sent.`}
        </p>
      )}
      {from !== undefined && to !== undefined && (
        <p>
          {quantity(count)} {count === 1 ? 'event' : 'events'} after {quantity(after)}: numbers{' '}
          {quantity(from)} to {quantity(to)}
          {missing.length === 0 && ', none missing'}.{' '}
          {unsuccessful.length === 0
            ? 'All were delivered.'
            : `${quantity(unsuccessful.length)} of them not delivered.`}
        </p>
      )}
      {missing.map((stretch) => (
        <p key={stretch.from} className="notice warning">
          {quantity(stretch.from)} to {quantity(stretch.to)} are no longer in the log, which is kept
          for a limited time. Their readings are still stored.
        </p>
      ))}
      {unsuccessful.length > 0 && (
        <ul className="number-list">
          {unsuccessful
            .slice(0, MAX_LISTED)
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
      {unsuccessful.length > MAX_LISTED && (
        <p className="small quiet">The first {MAX_LISTED} of them.</p>
      )}
      {hasMore && to !== undefined && (
        <button type="button" onClick={() => onContinue(to)}>
          Continue after {quantity(to)}
        </button>
      )}
    </div>
  );
}
