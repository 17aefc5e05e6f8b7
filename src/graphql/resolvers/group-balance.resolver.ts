import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { SensorGroup as Group } from '../../domain/groups/sensor-groups.js';
import type { GraphQLContext } from '../execution/context.js';
import { balanceCost } from '../execution/field-costs.js';
import { BalanceArgs, GroupBalance } from '../types/group-balance.type.js';
import { SensorGroup } from '../types/sensor-group.type.js';

@Resolver(() => SensorGroup)
export class GroupBalanceField {
  @FieldResolver(() => [GroupBalance], {
    description:
      'What flowed into the group and out of it in the hours, days, weeks or months that meet [start, end), oldest first, the first and the last clipped to the range. Members without a direction do not count. The sensors may have at most 100 000 volumes in the range.',
    complexity: balanceCost,
  })
  balance(
    @Root() group: Group,
    @Args(() => BalanceArgs) { start, end, interval, asOf }: BalanceArgs,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<GroupBalance[]> {
    const asked = [group, { start, end }, interval, asOf ?? undefined] as const;
    return services.groupBalances.of(principal, ...asked);
  }
}
