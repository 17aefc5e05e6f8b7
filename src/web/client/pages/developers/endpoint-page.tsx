import './developers.css';
import { useState } from 'react';
import { useQuery } from 'urql';
import { Link, useLocation } from 'wouter';
import { WebhookEndpointDocument } from '../../../../generated/graphql/graphql.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { useInterval } from '../../use-interval.js';
import { useNow } from '../../use-now.js';
import { useViewer } from '../../use-viewer.js';
import { CompletenessSection } from './deliveries/completeness-section.js';
import { DeliveryLog } from './deliveries/delivery-log.js';
import { EndpointCard } from './endpoints/endpoint-card.js';
import { useSensorNames } from '../../use-sensor-names.js';
import { ViewerNotice } from './viewer-notice.js';

const POLL_INTERVAL_MS = 5000;

/** One webhook endpoint, its deliveries, and whether its receiver has all of them. */
export default function EndpointPage({ id }: { id: string }) {
  const [, navigate] = useLocation();
  const { isAdmin } = useViewer();
  const { sensors } = useSensorNames();
  const now = useNow(POLL_INTERVAL_MS);
  const [revision, setRevision] = useState(0);
  const [{ data, error }, reload] = useQuery({ query: WebhookEndpointDocument, variables: { id } });
  useInterval(POLL_INTERVAL_MS, reload);
  const change = () => {
    reload();
    setRevision((count) => count + 1);
  };
  const endpoint = data?.webhookEndpoint;
  if (error && !data) return <Failure what="The endpoint" error={error} retry={() => reload()} />;
  if (!data || isAdmin === undefined) return <Loading what="the endpoint" />;
  if (!endpoint) return <NoSuchEndpoint id={id} />;
  return (
    <div className="stack developers">
      <div>
        <Link href="/developers" className="small">
          Developers
        </Link>
        <PageHeading title={endpoint.url} />
      </div>
      {!isAdmin && <ViewerNotice />}
      {error && <Failure what="The endpoint" error={error} retry={() => reload()} />}
      <EndpointCard
        endpoint={endpoint}
        sensors={sensors}
        isAdmin={isAdmin}
        now={now}
        onChange={change}
        onDelete={() => navigate('/developers')}
        isAlone
      />
      <DeliveryLog
        endpoint={endpoint}
        sensors={sensors}
        isAdmin={isAdmin}
        revision={revision}
        onChange={change}
        onUpdate={reload}
      />
      <CompletenessSection endpoint={endpoint} revision={revision} />
    </div>
  );
}

function NoSuchEndpoint({ id }: { id: string }) {
  return (
    <div className="stack">
      <PageHeading title="Endpoint not found" />
      <p>
        Your account has no webhook endpoint {id}. <Link href="/developers">See all endpoints</Link>
        .
      </p>
    </div>
  );
}
