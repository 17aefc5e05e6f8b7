import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  FailedWebhookDeliveriesDocument,
  RedeliverFailedWebhooksDocument,
  type EndpointPartsFragment,
} from '../../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../../components/confirm-dialog.js';
import { Failure } from '../../../components/failure.js';
import { FormField } from '../../../components/form-field.js';
import { localInput, quantity } from '../../../format.js';

const DAY_MS = 86_400_000;

/** Makes all that failed for good once more, since an instant that is chosen. */
export function RedeliverFailed({
  endpoint,
  onDone,
}: {
  endpoint: EndpointPartsFragment;
  onDone: () => void;
}) {
  const [isAsked, setAsked] = useState(false);
  const [count, setCount] = useState<number>();
  return (
    <div className="row">
      <span className="small" role="status">
        {count !== undefined && `${quantity(count)} queued once more.`}
      </span>
      <button type="button" onClick={() => setAsked(true)}>
        Redeliver all failed…
      </button>
      {isAsked && (
        <SinceDialog
          endpoint={endpoint}
          onClose={() => setAsked(false)}
          onDone={(made) => {
            setAsked(false);
            setCount(made);
            onDone();
          }}
        />
      )}
    </div>
  );
}

function SinceDialog({
  endpoint: { id, enabled },
  onClose,
  onDone,
}: {
  endpoint: EndpointPartsFragment;
  onClose: () => void;
  onDone: (count: number) => void;
}) {
  const [since, setSince] = useState(() => new Date(Date.now() - DAY_MS));
  const variables = { id, since: since.toISOString() };
  const [{ data, error, fetching }, ask] = useQuery({
    query: FailedWebhookDeliveriesDocument,
    variables,
  });
  const [made, redeliver] = useMutation(RedeliverFailedWebhooksDocument);
  const count = fetching ? undefined : data?.webhookEndpoint?.deliveries.totalCount;
  return (
    <ConfirmDialog
      title="Redeliver all that failed?"
      action="Redeliver"
      onConfirm={async () => {
        const result = await redeliver(variables);
        if (result.data) onDone(result.data.redeliverFailedWebhooks);
        return result;
      }}
      onDone={() => undefined}
      onClose={onClose}
    >
      <FormField label="Queued since" hint="In your time zone.">
        {(input) => (
          <input
            {...input}
            type="datetime-local"
            step="1"
            value={localInput(since)}
            onChange={(event) => {
              const chosen = new Date(event.target.value);
              if (!Number.isNaN(chosen.getTime())) setSince(chosen);
            }}
          />
        )}
      </FormField>
      {error && <Failure what="Their number" error={error} retry={() => ask()} />}
      <p role="status">
        {count === undefined || made.fetching
          ? 'Counting…'
          : `${quantity(count)} failed for good since then. Each is sent once more with its own webhook-id and number.`}
        {!enabled && ' The endpoint is disabled: they wait until it is enabled.'}
      </p>
    </ConfirmDialog>
  );
}
