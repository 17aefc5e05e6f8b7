import { useState } from 'react';
import { useQuery } from 'urql';
import { WebhookEndpointsDocument } from '../../../../../generated/graphql/graphql.js';
import { Failure } from '../../../components/failure.js';
import { Loading } from '../../../components/loading.js';
import { useInterval } from '../../../use-interval.js';
import { useNow } from '../../../use-now.js';
import { useListNews } from '../use-list-news.js';
import type { NamedSensor } from '../../../use-sensor-names.js';
import { EndpointCard } from './endpoint-card.js';
import { EndpointForm } from './endpoint-form.js';

const POLL_INTERVAL_MS = 5000;

/** The account's webhook endpoints. */
export function EndpointSection({
  isAdmin,
  sensors,
}: {
  isAdmin: boolean;
  sensors: readonly NamedSensor[] | undefined;
}) {
  const { heading, announcement, added, removed } = useListNews();
  const now = useNow(POLL_INTERVAL_MS);
  const [isAdding, setAdding] = useState(false);
  const [{ data, error }, reload] = useQuery({ query: WebhookEndpointsDocument });
  useInterval(POLL_INTERVAL_MS, reload);
  const endpoints = data?.webhookEndpoints.nodes;
  return (
    <section className="stack" aria-labelledby="endpoints-heading">
      <div className="row spread">
        <h2 id="endpoints-heading" ref={heading} tabIndex={-1}>
          Webhook endpoints
        </h2>
        {isAdmin && (
          <button type="button" className="primary" onClick={() => setAdding(true)}>
            Add endpoint
          </button>
        )}
      </div>
      <p className="quiet">
        Each new reading is sent to every enabled endpoint with a signed POST, at least once, and
        retried for 3 days if it fails.
      </p>
      <p className="visually-hidden" role="status">
        {announcement}
      </p>
      {error && <Failure what="The endpoints" error={error} retry={() => reload()} />}
      {!endpoints && !error && <Loading what="endpoints" />}
      {endpoints?.length === 0 && (
        <div className="notice">
          <p>
            <strong>There are no webhook endpoints yet.</strong>{' '}
            {isAdmin
              ? 'Add one to receive each reading as it arrives.'
              : 'An administrator can add one here.'}
          </p>
        </div>
      )}
      {endpoints?.map((endpoint) => (
        <EndpointCard
          key={endpoint.id}
          endpoint={endpoint}
          sensors={sensors}
          isAdmin={isAdmin}
          now={now}
          onChange={reload}
          onDelete={() => {
            reload();
            removed(`The endpoint ${endpoint.url} was deleted.`);
          }}
        />
      ))}
      {isAdding && (
        <EndpointForm
          sensors={sensors}
          onClose={() => setAdding(false)}
          onSaved={() => {
            setAdding(false);
            reload();
            added('The endpoint was added.');
          }}
        />
      )}
    </section>
  );
}
