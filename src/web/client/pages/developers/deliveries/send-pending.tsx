import { useMutation } from 'urql';
import {
  SendPendingWebhooksDocument,
  type EndpointPartsFragment,
} from '../../../../../generated/graphql/graphql.js';
import { reasonOf } from '../../../components/failure.js';
import { quantity } from '../../../format.js';

/** Tries everything that waits now, as after a receiver was repaired. */
export function SendPending({
  endpoint: { id, enabled },
  onDone,
}: {
  endpoint: EndpointPartsFragment;
  onDone: () => void;
}) {
  const [{ data, error, fetching }, send] = useMutation(SendPendingWebhooksDocument);
  const count = data?.sendPendingWebhooks;
  return (
    <>
      <span className="small" role="status">
        {error && reasonOf(error)}
        {!error && !fetching && count === 0 && 'No deliveries are pending.'}
        {!error && !fetching && !!count && `${quantity(count)} pending are tried now.`}
      </span>
      <button
        type="button"
        disabled={fetching || !enabled}
        title={enabled ? undefined : 'Enable the endpoint first.'}
        onClick={async () => {
          await send({ id });
          onDone();
        }}
      >
        Try all pending now
      </button>
    </>
  );
}
