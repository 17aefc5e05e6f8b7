import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  FailedWebhookDeliveriesDocument,
  RedeliverFailedWebhooksDocument,
  type EndpointPartsFragment,
} from '../../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../../components/confirm-dialog.js';
import { DateTimeInput } from '../../../components/date-time-input.js';
import { Failure } from '../../../components/failure.js';
import { FormField } from '../../../components/form-field.js';
import { quantity } from '../../../format.js';

const DAY_MS = 86_400_000;

/** Queues again every delivery that failed since a chosen time. */
export function RedeliverFailed({
  endpoint,
  onDone,
}: {
  endpoint: EndpointPartsFragment;
  onDone: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const [count, setCount] = useState<number>();
  return (
    <div className="row">
      <span className="small" role="status">
        {count !== undefined && `${quantity(count)} queued again.`}
      </span>
      <button type="button" onClick={() => setOpen(true)}>
        Redeliver all failed…
      </button>
      {isOpen && (
        <SinceDialog
          endpoint={endpoint}
          onClose={() => setOpen(false)}
          onDone={(queued) => {
            setOpen(false);
            setCount(queued);
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
  const [initial] = useState(() => new Date(Date.now() - DAY_MS));
  const [since, setSince] = useState<Date | undefined>(initial);
  const variables = { id, since: (since ?? initial).toISOString() };
  const [{ data, error, fetching }, reload] = useQuery({
    query: FailedWebhookDeliveriesDocument,
    variables,
    pause: !since,
  });
  const [redelivery, redeliver] = useMutation(RedeliverFailedWebhooksDocument);
  const count = fetching ? undefined : data?.webhookEndpoint?.deliveries.totalCount;
  return (
    <ConfirmDialog
      title="Redeliver all failed deliveries?"
      action="Redeliver"
      canConfirm={since !== undefined && count !== undefined && count > 0}
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
          <DateTimeInput
            input={input}
            label="Queued since"
            defaultValue={initial}
            onChange={setSince}
          />
        )}
      </FormField>
      {error && (
        <Failure what="The number of failed deliveries" error={error} retry={() => reload()} />
      )}
      <p role="status">
        {!since
          ? 'Enter a date and a time from 00:00 to 23:59.'
          : count === undefined || redelivery.fetching
            ? 'Counting…'
            : count === 0
              ? 'No deliveries gave up since then. Pending ones are retried by themselves.'
              : `${quantity(count)} ${count === 1 ? 'delivery' : 'deliveries'} gave up since then. Each is sent again with its own webhook-id and number.`}
        {!enabled && ' The endpoint is disabled: they are sent once it is enabled.'}
      </p>
    </ConfirmDialog>
  );
}
