import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { AuditEvent as Event, AuditFilter } from '../../domain/accounts/audit-events.js';
import type { GraphQLContext } from '../execution/context.js';
import { pageCost } from '../execution/field-costs.js';
import { AuditNodeList, auditPosition } from '../pagination/audit-node-list.js';
import { pageRequest } from '../pagination/page-request.js';
import {
  AuditEvent,
  AuditEventConnection,
  type AuditEventFilter,
  AuditEventsArgs,
} from '../types/audit-event.type.js';

@Resolver(() => AuditEvent)
export class AuditEventResolver {
  @Query(() => AuditEventConnection, {
    description:
      'What people and machines did in the account, newest first. Needs the scope ADMIN.',
    complexity: pageCost,
  })
  auditEvents(
    @Args(() => AuditEventsArgs) { filter, ...page }: AuditEventsArgs,
    @Ctx() context: GraphQLContext,
  ): object {
    const request = pageRequest(page, auditPosition);
    return new AuditEventConnection(new AuditNodeList(context, request, readFilter(filter)));
  }

  @FieldResolver(() => String)
  details(@Root() { details }: Event): string {
    return JSON.stringify(details);
  }
}

function readFilter(filter: AuditEventFilter | null | undefined): AuditFilter {
  const { actor, types, subjectType, subjectId, start, end } = filter ?? {};
  return {
    actor: actor ?? undefined,
    types: types ?? undefined,
    subjectType: subjectType ?? undefined,
    subjectId: subjectId ?? undefined,
    start: start ?? undefined,
    end: end ?? undefined,
  };
}
