import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient, type AnyVariables, type CombinedError, type TypedDocumentNode } from 'urql';

export interface Answer<Data, Variables> {
  readonly data: Data;
  /** what was requested */
  readonly variables: Variables;
  /** what the user wanted to see by it */
  readonly question: string;
}

interface Request<Variables> {
  /** What the user wants to see. Only another question makes the answer before it outdated. */
  readonly question: string;
  readonly variables: Variables;
  /** counts changes on the server: another number requests the answer again */
  readonly revision: number;
  /** true: nothing is requested yet */
  readonly pause?: boolean;
}

/**
 * What the server answered last, together with what it answers, so that no figure is ever shown as
 * that of another range. Of one question there is one request at a time, however fast readings
 * arrive.
 */
export function useAnswer<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  { question, variables, revision, pause = false }: Request<Variables>,
) {
  const client = useClient();
  const [answer, setAnswer] = useState<Answer<Data, Variables>>();
  const [error, setError] = useState<CombinedError>();
  const latest = useRef({ question, variables });
  const subscription = useRef<{ unsubscribe: () => void }>(undefined);
  const isRunning = useRef(false);
  const isOutdated = useRef(false);
  useEffect(() => {
    latest.current = { question, variables };
  });

  const request = useCallback(() => {
    const asked = latest.current;
    isRunning.current = true;
    isOutdated.current = false;
    subscription.current?.unsubscribe();
    subscription.current = client
      .query(document, asked.variables)
      .subscribe(({ data, error: failure }) => {
        isRunning.current = false;
        setError(failure);
        if (data && !failure) setAnswer({ data, ...asked });
        if (isOutdated.current) request();
      });
  }, [client, document]);

  useEffect(() => {
    if (pause) return;
    request();
    return () => subscription.current?.unsubscribe();
  }, [request, question, pause]);

  useEffect(() => {
    if (revision === 0 || pause) return;
    if (isRunning.current) isOutdated.current = true;
    else request();
  }, [request, revision]);

  const isCurrent = answer?.question === question;
  return {
    // Figures of another range must not appear in place of those that failed to load.
    answer: error && !isCurrent ? undefined : answer,
    isCurrent,
    error,
    retry: request,
  };
}
