import { useMutation } from 'urql';
import { RedeliverWebhookDocument } from '../../../../../generated/graphql/graphql.js';
import { CodeBlock } from '../../../components/code-block.js';
import { Failure, reasonOf } from '../../../components/failure.js';
import { dateTime, utc } from '../../../format.js';
import { Attempt } from './attempt.js';
import { nextAttempt } from './next-attempt.js';
import type { useDelivery } from './use-delivery.js';

/** One delivery: each attempt with its request and response. */
export function DeliveryDetails({
  id,
  live: { delivery, error, retry },
  isAdmin,
}: {
  id: string;
  live: ReturnType<typeof useDelivery>;
  isAdmin: boolean;
}) {
  const [redelivery, redeliver] = useMutation(RedeliverWebhookDocument);
  if (error) return <Failure what="The delivery" error={error} retry={retry} />;
  if (!delivery) return <p role="status">Loading the delivery…</p>;
  const { webhookId, createdAt, nextAttemptAt, payload, attempts, status } = delivery;
  const queuedAt = new Date(createdAt);
  const resend = async () => {
    const result = await redeliver({ id });
    if (!result.error) retry();
  };
  return (
    <div className="stack delivery-details">
      <div className="row spread">
        <dl className="facts-list">
          <div>
            <dt>webhook-id</dt>
            <dd>
              <code>{webhookId}</code>
            </dd>
          </div>
          <div>
            <dt>Queued</dt>
            <dd>
              {dateTime(queuedAt, undefined, true)} <span className="quiet">({utc(queuedAt)})</span>
            </dd>
          </div>
          {nextAttemptAt && (
            <div>
              <dt>Next attempt</dt>
              <dd>{nextAttempt(nextAttemptAt)}</dd>
            </div>
          )}
        </dl>
        {isAdmin && (
          <button type="button" disabled={redelivery.fetching} onClick={resend}>
            {status === 'PENDING' ? 'Send now' : 'Redeliver'}
          </button>
        )}
      </div>
      <div role="status">
        {redelivery.error && <p className="notice bad">{reasonOf(redelivery.error)}</p>}
        {redelivery.data && !redelivery.fetching && (
          <p className="quiet small">Queued again (same webhook-id).</p>
        )}
      </div>
      {attempts.length === 0 && (
        <>
          <p className="quiet">Not tried yet. This body will be sent:</p>
          <CodeBlock name="The body" text={payload} wraps />
        </>
      )}
      {attempts
        .map((attempt, index) => (
          <Attempt key={attempt.attemptedAt} name={`Attempt ${index + 1}`} attempt={attempt} />
        ))
        .toReversed()}
    </div>
  );
}
