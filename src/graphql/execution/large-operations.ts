import { availableParallelism } from 'node:os';
import type { ExecutionResult } from 'graphql';
import type { Principal } from '../../domain/shared/principal.js';
import { turnsOf } from '../../domain/shared/time-slices.js';
import { AccountShares } from '../../storage/postgres/account-shares.js';
import { ReadRefusedError } from '../../storage/postgres/pg-errors.js';
import { ClientGoneError } from '../../storage/postgres/reader.js';
import type { GraphQLContext } from './context.js';
import { jsonInParts } from './json-in-parts.js';
import { Parts } from './parts.js';
import { stringify } from './written-json.js';
import { WrittenResult } from './written-result.js';

/** The cost from which on an operation is executed and written in parts. */
const LARGE_COST = 10_000;
/** Of all accounts together; one alone may have half of them. */
const CONCURRENCY = 8;
/** of one account */
const MAX_WAITING = 100;

type Context = Pick<GraphQLContext, 'execution' | 'principal' | 'stream'>;

/**
 * Executes operations with large results so that others are not delayed: in parts, and few at a
 * time, which bounds the memory of their results.
 */
export class LargeOperations {
  private readonly shares = new AccountShares({
    concurrency: CONCURRENCY,
    maxWaiting: MAX_WAITING,
  });
  /** of those that are executed, not only sent; one account alone may have one for each core */
  private readonly executing = new AccountShares({
    concurrency: Math.min(2 * availableParallelism(), CONCURRENCY),
    maxWaiting: MAX_WAITING,
  });
  private readonly written = new WeakMap<object, WrittenResult>();

  /** @param cost undefined where execution will report an error */
  partsFor({ accountId }: Principal, cost: number | undefined): Parts | undefined {
    return cost !== undefined && cost >= LARGE_COST ? new Parts(turnsOf(accountId)) : undefined;
  }

  /**
   * Executes an operation. A large one keeps its account's share until `parts.release`, and its
   * result is written as `parts.written`; those of streams are small enough to be written at once.
   * @throws ReadRefusedError where too many large operations of the account wait, or the client goes
   * away before it begins
   */
  execute(
    { execution: { parts }, principal, stream }: Context,
    work: () => Promise<ExecutionResult>,
  ): Promise<ExecutionResult> {
    const { accountId, client } = principal;
    if (!parts || !client) return work();
    return new Promise((resolve, reject) => {
      const share = this.shares.run(accountId, client, async () => {
        const result = await this.executing.run(accountId, client, async () => {
          const result = await work();
          if (result.data && !stream) {
            const turns = turnsOf(accountId);
            const json = await jsonInParts(result.data, turns);
            parts.written = new WrittenResult(json, turns);
            this.written.set(result.data, parts.written);
          }
          return result;
        });
        resolve(result);
        if (!stream) await parts.sent;
      });
      share.catch((error: unknown) => {
        reject(error instanceof ClientGoneError ? new ReadRefusedError(error) : (error as Error));
      });
    });
  }

  /** A result as JSON, but for one that is written in parts, which is completed. */
  stringify(result: object): string {
    const { data } = result as { data?: object | null };
    const written = data ? this.written.get(data) : undefined;
    if (!written) return stringify(result);
    written.complete(result);
    return '';
  }
}
