import { useQuery } from 'urql';
import { SystemDocument, type SystemQuery } from '../../../../generated/graphql/graphql.js';
import { AdminsOnly } from '../../components/admins-only.js';
import { Failure } from '../../components/failure.js';
import { Figure } from '../../components/figure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { percent, quantity } from '../../format.js';
import { BrokerState } from './broker-state.js';

const MAX_SKEW_SECONDS = 2;
const LOW_DISK = 0.1;
const GIBIBYTE = 2 ** 30;

/** The state of the server: for administrators. */
export default function SystemPage() {
  return (
    <div className="stack">
      <AdminsOnly title="System" what="the state of the server">
        <State />
      </AdminsOnly>
    </div>
  );
}

function State() {
  const [{ data, error }, reload] = useQuery({ query: SystemDocument });
  return (
    <>
      <PageHeading title="System" />
      {error && <Failure what="The state of the server" error={error} retry={() => reload()} />}
      {!data && !error && <Loading what="the state of the server" />}
      {data && !error && <Figures system={data.system} />}
      {data?.broker && !error && <BrokerState broker={data.broker} />}
    </>
  );
}

function Figures({ system }: { system: SystemQuery['system'] }) {
  const { version, databaseVersion, pendingMigrations, appliedMigrations } = system;
  const { clockSkewSeconds, diskFreeBytes, diskTotalBytes, waitingDeliveries } = system;
  const { replicas, usedReplicas } = system;
  const isSkewed = Math.abs(clockSkewSeconds) > MAX_SKEW_SECONDS;
  const freeShare = (diskFreeBytes ?? 0) / (diskTotalBytes ?? 1);
  return (
    <dl className="figures">
      <Figure name="Flowgate" value={version || 'unknown version'} />
      <Figure name="PostgreSQL" value={databaseVersion} />
      <Figure
        name="Migrations"
        value={`${appliedMigrations} applied, ${pendingMigrations} pending`}
        tone={pendingMigrations > 0 ? 'bad' : ''}
      />
      <Figure
        name="Clock of the database"
        value={isSkewed ? skew(clockSkewSeconds) : 'agrees with the server’s'}
        tone={isSkewed ? 'warning' : ''}
      />
      {typeof diskFreeBytes === 'number' && (
        <Figure
          name="Disk free"
          value={`${(diskFreeBytes / GIBIBYTE).toFixed(1)} GiB (${percent(freeShare)})`}
          tone={freeShare < LOW_DISK ? 'warning' : ''}
        />
      )}
      {replicas > 0 && (
        <Figure
          name="Read replicas"
          value={`${usedReplicas} of ${replicas} answer reads`}
          tone={usedReplicas < replicas ? 'warning' : ''}
        />
      )}
      <Figure name="Waiting webhook events" value={quantity(waitingDeliveries)} />
    </dl>
  );
}

function skew(seconds: number): string {
  return `${quantity(Math.abs(seconds))} s ${seconds > 0 ? 'ahead' : 'behind'}`;
}
