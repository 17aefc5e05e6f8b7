import type { CombinedError } from 'urql';

/** Says what could not be loaded and why, and offers to try again. */
export function Failure({
  what,
  error,
  retry,
}: {
  what: string;
  error: CombinedError;
  retry?: () => void;
}) {
  return (
    <div className="notice bad" role="alert">
      <p>
        <strong>{what} could not be loaded.</strong> {reasonOf(error)}
      </p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The server's own message, if there is one. */
export function reasonOf({ graphQLErrors, networkError }: CombinedError): string {
  if (graphQLErrors[0]) return graphQLErrors[0].message;
  return networkError ? 'The server cannot be reached.' : 'Something went wrong.';
}
