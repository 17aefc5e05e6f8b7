import { z } from 'zod';

const OBJECT = z.record(z.string(), z.unknown()).nullish();
const REQUEST = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: OBJECT,
  extensions: OBJECT,
});

/**
 * What is wrong with the body of a request, if anything.
 * https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
 */
export function requestError(body: unknown): string | undefined {
  const [issue] = REQUEST.safeParse(body).error?.issues ?? [];
  return issue && `${issue.path.join('.') || 'The body'}: ${issue.message}`;
}
