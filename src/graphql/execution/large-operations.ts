import { availableParallelism } from 'node:os';
import type { ExecutionResult } from 'graphql';
import type { Principal } from '../../domain/shared/principal.js';
import { turnsOf, type Turns } from '../../domain/shared/time-slices.js';
import { AccountShares } from '../../storage/postgres/account-shares.js';
import { ReadRefusedError } from '../../storage/postgres/pg-errors.js';
import { ClientGoneError, type ClientSignal } from '../../storage/postgres/reader.js';
import type { GraphQLContext } from './context.js';
import { jsonInParts, jsonOf } from './json-in-parts.js';
import { Parts } from './parts.js';
import { WrittenResult } from './written-result.js';

/** The cost from which on an operation is executed and written in parts. */
const LARGE_COST = 10_000;
/** Of all accounts together; one alone may have half of them. */
const CONCURRENCY = 8;
const CORES = availableParallelism();
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
  /**
   * Of those that are executed, not only sent: one account may have one for each core, and while it is
   * alone one more, so that neither this process nor PostgreSQL waits for the other.
   */
  private readonly executing = new AccountShares({
    concurrency: Math.min(2 * CORES + 1, CONCURRENCY),
    maxWaiting: MAX_WAITING,
    whileAlone: Math.min(CORES + 1, CONCURRENCY / 2),
  });
  private readonly written = new WeakMap<object, WrittenResult>();

  /** @param cost undefined where execution will report an error */
  partsFor({ accountId }: Principal, cost: number | undefined): Parts | undefined {
    return cost !== undefined && cost >= LARGE_COST ? new Parts(turnsOf(accountId)) : undefined;
  }

  /**
   * Executes an operation, and writes what it results in as `execution.written`, unless it is for a
   * stream. A large one keeps its account's share until `parts.release`.
   * @throws ReadRefusedError where too many large operations of the account wait, or the client goes
   * away before it begins
   */
  async execute(context: Context, work: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
    const { parts } = context.execution;
    const { client } = context.principal;
    if (parts && client) return this.executeLarge(context, parts, client, work);
    const result = await work();
    if (result.data && !context.stream) this.keep(context, result.data, jsonOf(result.data));
    return result;
  }

  private executeLarge(
    context: Context,
    parts: Parts,
    client: ClientSignal,
    work: () => Promise<ExecutionResult>,
  ): Promise<ExecutionResult> {
    const { principal, stream } = context;
    const { accountId } = principal;
    return new Promise((resolve, reject) => {
      const share = this.shares.run(accountId, client, async () => {
        const executed = async () => {
          const result = await work();
          if (result.data && !stream) {
            const turns = turnsOf(accountId);
            this.keep(context, result.data, await jsonInParts(result.data, turns), turns);
          }
          return result;
        };
        const result = await this.executing.run(accountId, client, executed, parts);
        resolve(result);
        if (!stream) await parts.sent;
      });
      share.catch((error: unknown) => {
        reject(error instanceof ClientGoneError ? new ReadRefusedError(error) : (error as Error));
      });
    });
  }

  /** A result as JSON; of one that is written already, which is completed, none. */
  stringify(result: object): string {
    const { data } = result as { data?: object | null };
    const written = data ? this.written.get(data) : undefined;
    if (!written) return JSON.stringify(result);
    written.complete(result);
    return '';
  }

  private keep(
    { execution }: Context,
    data: object,
    json: readonly Uint8Array[],
    turns?: Turns,
  ): void {
    execution.written = new WrittenResult(json, turns);
    this.written.set(data, execution.written);
  }
}
