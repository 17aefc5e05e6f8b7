import { GraphQLError, type ExecutionResult } from 'graphql';
import type { Authenticator } from '../../domain/auth/authenticator.js';
import { UnauthenticatedError } from '../../domain/shared/errors.js';
import type { Principal } from '../../domain/shared/principal.js';

type Result = IteratorResult<ExecutionResult, void>;

/**
 * The results of a subscription, until its owner's access ends. Unless the client ends them, the last
 * result gives the reason: server-sent events have no other place for it.
 */
export class RevocableResults implements AsyncGenerator<ExecutionResult, void, void> {
  private failure: Error | undefined;
  private ended = false;
  private readonly endWatch: () => void;

  constructor(
    private readonly results: AsyncGenerator<ExecutionResult>,
    principal: Principal,
    authenticator: Pick<Authenticator, 'watch'>,
  ) {
    this.endWatch = authenticator.watch(principal, () => {
      this.failure = new UnauthenticatedError('Your access has ended.');
      void results.return(undefined);
    });
  }

  async next(): Promise<Result> {
    if (this.ended) return { done: true, value: undefined };
    try {
      const result = await this.results.next();
      if (!result.done) return result;
    } catch (error) {
      this.failure ??= error instanceof Error ? error : new Error(String(error));
    }
    this.ended = true;
    this.endWatch();
    const { failure } = this;
    if (!failure) return { done: true, value: undefined };
    const error = new GraphQLError(failure.message, { originalError: failure });
    return { done: false, value: { data: null, errors: [error] } };
  }

  async return(): Promise<Result> {
    this.ended = true;
    this.endWatch();
    await this.results.return(undefined);
    return { done: true, value: undefined };
  }

  async throw(): Promise<Result> {
    return this.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
