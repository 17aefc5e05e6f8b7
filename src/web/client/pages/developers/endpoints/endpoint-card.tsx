import { Fragment } from 'react';
import { Link } from 'wouter';
import type { EndpointPartsFragment } from '../../../../../generated/graphql/graphql.js';
import { Badge } from '../../../components/badge.js';
import type { NamedSensor } from '../../../use-sensor-names.js';
import { EndpointActions } from './endpoint-actions.js';
import { EndpointFacts } from './endpoint-facts.js';
import { healthOf } from './endpoint-health.js';
import { RecentDeliveries } from './recent-deliveries.js';
import { Secret } from './secret.js';
import { TestSend } from './test-send.js';

export interface EndpointCardProps {
  readonly endpoint: EndpointPartsFragment;
  readonly sensors: readonly NamedSensor[] | undefined;
  readonly isAdmin: boolean;
  readonly now: Date;
  readonly onChange: () => void;
  readonly onDelete: () => void;
  /** whether the page is about this endpoint alone, and its heading has the URL */
  readonly isAlone?: boolean;
}

/** One endpoint: its state, and all that can be done with it. */
export function EndpointCard(props: EndpointCardProps) {
  const { endpoint, sensors, isAdmin, now, onChange, onDelete, isAlone = false } = props;
  const { id, url, description, recent } = endpoint;
  const health = healthOf(endpoint, now);
  return (
    <article className="card stack endpoint" aria-label={url}>
      <div className="row spread endpoint-head">
        <div>
          {!isAlone && (
            <h3 className="endpoint-url">
              <Link href={`/developers/endpoints/${id}`}>{url}</Link>
            </h3>
          )}
          {description && <p className="quiet endpoint-description">{description}</p>}
        </div>
        <Badge tone={health.tone}>{health.name}</Badge>
      </div>
      {health.reason && <p className={`notice ${health.tone}`}>{health.reason}</p>}
      {endpoint.duplicates.length > 0 && <DuplicatesNotice ids={endpoint.duplicates} />}
      <div className="row spread">
        <EndpointFacts endpoint={endpoint} sensors={sensors} />
        <RecentDeliveries deliveries={recent.nodes} now={now} />
      </div>
      {isAdmin && <Secret endpoint={endpoint} onChange={onChange} />}
      <div className="row">
        {isAdmin && <TestSend endpoint={endpoint} onSent={onChange} />}
        {!isAlone && (
          <Link className="button" href={`/developers/endpoints/${id}`}>
            Deliveries
            <span className="visually-hidden"> of {url}</span>
          </Link>
        )}
        {isAdmin && (
          <EndpointActions
            endpoint={endpoint}
            sensors={sensors}
            onChange={onChange}
            onDelete={onDelete}
          />
        )}
      </div>
    </article>
  );
}

/** A receiver that adds up readings would count them twice. */
function DuplicatesNotice({ ids }: { ids: readonly string[] }) {
  return (
    <p className="notice warning">
      <span>
        This receiver gets the same events more than once: also from{' '}
        {ids.map((id, index) => (
          <Fragment key={id}>
            {index > 0 && ', '}
            <Link href={`/developers/endpoints/${id}`}>endpoint {id}</Link>
          </Fragment>
        ))}
        .
      </span>
    </p>
  );
}
