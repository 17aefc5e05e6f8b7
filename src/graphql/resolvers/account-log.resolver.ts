import { Args, Ctx, Query, Resolver } from 'type-graphql';
import type { AskedLog } from '../../domain/log/account-log.js';
import type { GraphQLContext } from '../execution/context.js';
import { pageCost } from '../execution/field-costs.js';
import { AccountLogNodeList, accountLogPosition } from '../pagination/account-log-node-list.js';
import { pageRequest } from '../pagination/page-request.js';
import {
  AccountLogArgs,
  AccountLogConnection,
  AccountLogEntry,
  type AccountLogFilter,
} from '../types/account-log.type.js';
import { NO_ID, readId } from '../types/record-id.js';

@Resolver(() => AccountLogEntry)
export class AccountLogResolver {
  @Query(() => AccountLogConnection, {
    description:
      'What was done in the account, newest first: revisions of pings, changes of settings and, for the scope ADMIN, audit events. Needs the scope READ.',
    complexity: pageCost,
  })
  accountLog(
    @Args(() => AccountLogArgs) { filter, ...page }: AccountLogArgs,
    @Ctx() context: GraphQLContext,
  ): object {
    const request = pageRequest(page, accountLogPosition);
    return new AccountLogConnection(new AccountLogNodeList(context, request, readFilter(filter)));
  }
}

function readFilter(filter: AccountLogFilter | null | undefined): AskedLog {
  const { kinds, types, sensorId, person, start, end } = filter ?? {};
  return {
    kinds: kinds ?? undefined,
    types: types ?? undefined,
    ...(typeof sensorId === 'string' && { sensorId: readId(sensorId) ?? NO_ID }),
    person: person ?? undefined,
    start: start ?? undefined,
    end: end ?? undefined,
  };
}
