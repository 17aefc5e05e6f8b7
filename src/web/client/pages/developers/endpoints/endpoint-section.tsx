import { useState } from 'react';
import { useQuery } from 'urql';
import { WebhookEndpointsDocument } from '../../../../../generated/graphql/graphql.js';
import { Failure } from '../../../components/failure.js';
import { Loading } from '../../../components/loading.js';
import { useInterval } from '../../../use-interval.js';
import { useNow } from '../../../use-now.js';
import { useListNews } from '../use-list-news.js';
import type { NamedSensor } from '../use-sensor-names.js';
import { EndpointCard } from './endpoint-card.js';
import { EndpointForm } from './endpoint-form.js';

const AGAIN_MS = 5000;

/** Where the account is told of its readings. */
export function EndpointSection({
  isAdmin,
  sensors,
}: {
  isAdmin: boolean;
  sensors: readonly NamedSensor[] | undefined;
}) {
  const { heading, said, added, removed } = useListNews();
  const now = useNow(AGAIN_MS);
  const [isAdding, setAdding] = useState(false);
  const [{ data, error }, ask] = useQuery({ query: WebhookEndpointsDocument });
  useInterval(AGAIN_MS, ask);
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
        Each new reading is POSTed to every enabled endpoint, signed, at least once, and tried again
        for 3 days where it fails.
      </p>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {error && <Failure what="The endpoints" error={error} retry={() => ask()} />}
      {!endpoints && !error && <Loading what="endpoints" />}
      {endpoints?.length === 0 && (
        <div className="notice">
          <p>
            <strong>There are no webhook endpoints yet.</strong>{' '}
            {isAdmin
              ? 'Add one, and it is told of each reading as it comes in.'
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
          onChange={ask}
          onDelete={() => {
            ask();
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
            ask();
            added('The endpoint was added.');
          }}
        />
      )}
    </section>
  );
}
