import type { Request, RequestHandler, Response } from 'express';
import { type ExecutionArgs, getOperationAST, type GraphQLError, OperationTypeNode } from 'graphql';
import { asDomainError, UnauthenticatedError } from '../../domain/shared/errors.js';
import type { Principal } from '../../domain/shared/principal.js';
import { turnsOf, type Turns } from '../../domain/shared/time-slices.js';
import { onBehalfOf } from '../../http/response-signal.js';
import { badRequest, releaseBody } from '../execution/body.js';
import { asGraphQLError } from '../execution/graphql-error.js';
import type { OperationRequest, Operations } from '../execution/operations.js';
import { refuse } from '../execution/refuse-request.js';
import { requestError } from '../execution/request-error.js';
import { nextEvent } from './result-batch.js';
import { SseWriter } from './sse-writer.js';
import { Subscription } from './subscription.js';

const EVENT_STREAM = 'text/event-stream';
// Among media types that are accepted equally, the first is used.
const MEDIA_TYPES = ['application/json', 'application/graphql-response+json', EVENT_STREAM];

/**
 * Operations whose results are sent as server-sent events, in one request each: the "distinct
 * connections mode" of graphql-sse.
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export function eventStream(operations: Operations): RequestHandler {
  return async (request, response, next) => {
    if (request.method !== 'POST' || request.accepts(MEDIA_TYPES) !== EVENT_STREAM) {
      next();
      return;
    }
    const error = requestError(request.body);
    if (error !== undefined) {
      badRequest(response, 400, error);
      return;
    }
    const principal = onBehalfOf(response.locals.principal as Principal, response);
    const stream = { onDrop: () => SseWriter.drop(response) };
    const body = request.body as OperationRequest;
    const prepared = await operations.prepare(principal, body, stream);
    if ('schema' in prepared) await answer(operations, prepared, request, response);
    else refuseOperation(operations, prepared, request, response);
  };
}

async function answer(
  operations: Operations,
  prepared: ExecutionArgs,
  request: Request,
  response: Response,
): Promise<void> {
  const { document, operationName } = prepared;
  const operation = getOperationAST(document, operationName)?.operation;
  const isSubscription = operation === OperationTypeNode.SUBSCRIPTION;
  const turns = turnsOf((response.locals.principal as Principal).accountId);
  try {
    const result = await (isSubscription
      ? operations.subscribe(prepared)
      : operations.execute(prepared));
    releaseBody(request, response);
    // Many may begin at once.
    if (turns.isOver) await turns.next();
    const writer = new SseWriter(response);
    if (result instanceof Subscription)
      await follow(operations, result, { writer, turns }, response);
    else await writer.write(nextEvent(operations.formatResult(result)));
    await writer.complete();
  } catch (error) {
    if (response.headersSent) throw error;
    refuseOperation(operations, [asGraphQLError(error)], request, response);
  }
}

/** Sends the results of a subscription until it, its client, or its owner's access ends. */
async function follow(
  operations: Operations,
  subscription: Subscription,
  { writer, turns }: { readonly writer: SseWriter; readonly turns: Turns },
  response: Response,
): Promise<void> {
  const endWatch = operations.deps.authenticator.watch(response.locals.principal as Principal, () =>
    subscription.fail(new UnauthenticatedError('Your access has ended.')),
  );
  const end = () => void subscription.return();
  response.once('close', end);
  if (response.closed) end();
  try {
    for (;;) {
      const batch = await subscription.nextBatch();
      if (!batch) return;
      if (turns.isOver) await turns.next();
      await writer.write(batch.events);
    }
  } catch (error) {
    // Many may end at once.
    if (turns.isOver) await turns.next();
    // Server-sent events have no other place for the reason of an end.
    const formatted = operations.formatError(error);
    await writer.write(nextEvent({ data: null, errors: [formatted] }));
  } finally {
    endWatch();
    end();
  }
}

function refuseOperation(
  operations: Operations,
  errors: readonly GraphQLError[],
  request: Request,
  response: Response,
): void {
  const refusal = asDomainError(errors[0]?.originalError);
  if (refusal && refusal.code !== 'BAD_USER_INPUT') {
    if (refusal.code === 'UNAVAILABLE') operations.deps.report(refusal);
    refuse(request, response, refusal, []);
    return;
  }
  response
    .status(400)
    .set('cache-control', 'no-store')
    .json({ errors: errors.map((error) => operations.formatError(error)) });
}
