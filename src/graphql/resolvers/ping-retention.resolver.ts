import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { PingRetention, PingRetentionPreview } from '../types/ping-retention.type.js';

const DAYS_RULE = '31 to 36500';
// It counts the readings of every sensor.
const PREVIEW_COST = 5000;

@Resolver()
export class PingRetentionResolver {
  @Query(() => PingRetention, { description: 'How long the account keeps all of its readings.' })
  async pingRetention(@Ctx() { principal, services }: GraphQLContext): Promise<PingRetention> {
    return { days: await services.retention.days(principal) };
  }

  @Query(() => PingRetentionPreview, {
    description: 'What a retention of readings would remove now. Needs the scope ADMIN.',
    complexity: ({ childComplexity }) => PREVIEW_COST + childComplexity,
  })
  pingRetentionPreview(
    @Arg('days', () => Int, { description: `How many days of readings are kept, ${DAYS_RULE}.` })
    days: number,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<PingRetentionPreview> {
    return services.retention.preview(principal, days);
  }

  @Mutation(() => PingRetention, {
    description:
      'Sets how long the account keeps all of its readings. Older ones are thinned within an hour, and cannot be brought back. Needs the scope ADMIN.',
  })
  async setPingRetention(
    @Arg('days', () => Int, {
      nullable: true,
      description: `How many days, ${DAYS_RULE}. Null: for ever; what was thinned stays so.`,
    })
    days: number | null,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<PingRetention> {
    await services.retention.set(principal, days);
    return { days };
  }
}
