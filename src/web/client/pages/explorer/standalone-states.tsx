import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ExplorerStartDocument } from '../../../../generated/graphql/graphql.js';
import { reasonOf } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { exampleSensor } from '../../example-sensor.js';
import type { Credential } from './credential.js';
import { examples } from './examples.js';
import { createFetcher } from './fetcher.js';
import { Explorer } from './graphiql.js';
import { serverAddress } from '../../server-address.js';
import { signInAddress } from '../../session.js';

/** The explorer with a credential, which the server may still refuse. */
export function AuthenticatedExplorer({ credential }: { credential: Credential }) {
  const [{ data, error, fetching }] = useQuery({ query: ExplorerStartDocument });
  const fetcher = useMemo(() => createFetcher(credential), [credential]);
  const available = useMemo(() => examples(exampleSensor(data)), [data]);
  if (fetching) return <Loading what="the explorer" />;
  return (
    <>
      {data && <Identity viewer={data.viewer} />}
      {error && (
        <p className="notice bad" role="alert">
          {reasonOf(error)}
        </p>
      )}
      <Explorer fetcher={fetcher} examples={available} canLoadSchema={!isRefused(error)} />
    </>
  );
}

/** The explorer without a credential: operations can be read and written, not run. */
export function UnauthenticatedExplorer() {
  const fetcher = useMemo(() => createFetcher(undefined), []);
  const available = useMemo(() => examples(exampleSensor(undefined)), []);
  return (
    <>
      <p className="notice" role="status">
        <span>
          Enter an API token to run queries and read the schema, or{' '}
          <a href={signInAddress(serverAddress('/graphql'))}>sign in</a>.
        </span>
      </p>
      <Explorer fetcher={fetcher} examples={available} canLoadSchema={false} />
    </>
  );
}

function Identity({
  viewer,
}: {
  viewer: {
    username?: string | null;
    tokenName?: string | null;
    account: string;
    scopes: readonly string[];
  };
}) {
  const { username, tokenName, account, scopes } = viewer;
  const identity = username ? `Signed in as ${username}` : `With the token “${tokenName ?? ''}”`;
  return (
    <p className="small quiet" role="status">
      {identity} in the account {account}: {scopes.join(', ')}
    </p>
  );
}

function isRefused(error: { response?: unknown } | undefined): boolean {
  return (error?.response as Response | undefined)?.status === 401;
}
