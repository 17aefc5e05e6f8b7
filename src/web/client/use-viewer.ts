import { useQuery } from 'urql';
import { ViewerDocument } from '../../generated/graphql/graphql.js';

/** Who is signed in; `isAdmin` is undefined until it is known. */
export function useViewer() {
  const [{ data, error }, ask] = useQuery({ query: ViewerDocument });
  return {
    isAdmin: data?.viewer.scopes.includes('ADMIN'),
    username: data?.viewer.username ?? undefined,
    error,
    retry: () => ask(),
  };
}
