import { type ExecutionArgs, type ExecutionResult, subscribe } from 'graphql';
import type { PingFeed } from '../../domain/pings/feed.js';
import type { Principal } from '../../domain/shared/principal.js';
import { turnsOf } from '../../domain/shared/time-slices.js';
import { createContext, type GraphQLContext } from '../execution/context.js';
import { type CountedSource, SubscriptionGroup } from './subscription-group.js';
import type { SubscriptionGate } from './subscription-limits.js';
import type { Subscription } from './subscription.js';

export interface SubscriptionsDeps {
  readonly feed: Pick<PingFeed, 'caughtUp'>;
  readonly subscriptionGate: SubscriptionGate;
  readonly format: (result: ExecutionResult) => ExecutionResult;
}

/** The open subscriptions of this instance, grouped by what they select. */
export class Subscriptions {
  private readonly groups = new Map<string, Promise<SubscriptionGroup | ExecutionResult>>();
  private begun = 0;

  constructor(private readonly deps: SubscriptionsDeps) {}

  /** how many have begun and not ended */
  get count(): number {
    return this.begun;
  }

  /**
   * @param args of a subscription, validated
   * @returns the subscription, or a result with the errors for which there is none
   * @throws TooManySubscriptionsError
   */
  async subscribe(args: ExecutionArgs): Promise<Subscription | ExecutionResult> {
    const { principal, stream } = args.contextValue as GraphQLContext;
    const release = await this.deps.subscriptionGate.take(principal);
    try {
      const group = await this.groupFor(keyOf(principal, args), args);
      if (group instanceof SubscriptionGroup) {
        const onEnd = (): void => {
          this.begun -= 1;
          release();
        };
        this.begun += 1;
        return group.join(onEnd, stream?.onDrop ?? (() => undefined));
      }
      release();
      return group;
    } catch (error) {
      release();
      throw error;
    }
  }

  private async groupFor(
    key: string,
    args: ExecutionArgs,
  ): Promise<SubscriptionGroup | ExecutionResult> {
    for (;;) {
      const existing = this.groups.get(key);
      if (!existing) return this.createGroup(key, args);
      const group = await existing;
      if (!(group instanceof SubscriptionGroup)) return group;
      // What was acknowledged before is not an event of a new subscription.
      await this.deps.feed.caughtUp();
      if (!group.hasEnded) return group;
    }
  }

  private createGroup(
    key: string,
    args: ExecutionArgs,
  ): Promise<SubscriptionGroup | ExecutionResult> {
    const created = this.start(key, args);
    this.groups.set(key, created);
    const isGroup = (group: unknown) => group instanceof SubscriptionGroup;
    created.then(
      (group) => isGroup(group) || this.groups.delete(key),
      () => this.groups.delete(key),
    );
    return created;
  }

  /** Not on behalf of the request that was first: its statements must outlive that client. */
  private async start(
    key: string,
    args: ExecutionArgs,
  ): Promise<SubscriptionGroup | ExecutionResult> {
    const { principal, services } = args.contextValue as GraphQLContext;
    const ended = new AbortController();
    const onEnd = () => {
      this.groups.delete(key);
      ended.abort();
    };
    let source: CountedSource = { pushed: 0 };
    const contextValue = createContext({ ...principal, client: ended.signal }, services, {
      // The group's own queue overflows only if this instance is too slow: no client is to blame.
      onDrop: () => undefined,
      onSource: (opened) => (source = opened),
    });
    const results = await subscribe({ ...args, contextValue });
    if (!(Symbol.asyncIterator in results)) return results;
    const turns = turnsOf(principal.accountId);
    return new SubscriptionGroup(results, source, this.deps.format, turns, onEnd);
  }
}

/** Subscriptions with the same key have the same results. */
function keyOf({ accountId, scopes }: Principal, args: ExecutionArgs): string {
  const { document, operationName, variableValues } = args;
  const source = document.loc?.source.body;
  return JSON.stringify([accountId, [...scopes].sort(), source, operationName, variableValues]);
}
