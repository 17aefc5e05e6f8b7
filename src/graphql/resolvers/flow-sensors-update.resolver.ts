import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { editsCost } from '../execution/field-costs.js';
import { FlowSensorsUpdate, UpdateFlowSensorsInput } from '../types/flow-sensors-update.type.js';
import { NO_ID, readId } from '../types/record-id.js';
import { readFlowrateUnit } from '../types/units.js';

@Resolver()
export class FlowSensorsUpdateResolver {
  @Mutation(() => FlowSensorsUpdate, {
    description:
      'Changes several flow sensors at once: all of them or, where any of them may not be changed so, none. Errors name the sensor. Needs the scope ADMIN.',
    complexity: editsCost,
  })
  async updateFlowSensors(
    @Arg('ids', () => [ID], {
      description: 'The ids of the flow sensors, each once, 1 to 1000.',
    })
    ids: string[],
    @Arg('input', () => UpdateFlowSensorsInput, { description: 'What to change.' })
    input: UpdateFlowSensorsInput,
    @Arg('dryRun', () => Boolean, {
      nullable: true,
      defaultValue: false,
      description: 'Only returns what would change.',
    })
    dryRun: boolean | null,
    @Ctx() { principal, services, sensorLoaders, groupLoaders }: GraphQLContext,
  ): Promise<FlowSensorsUpdate> {
    sensorLoaders.forget();
    groupLoaders.forget();
    const { maxGap, method, entryUnit, calendar, retire, effectiveFrom, reason } = input;
    if (calendar) await services.calendars.require(principal, calendar);
    const readIds = (given: readonly string[] | null | undefined) =>
      (given ?? []).map((id) => readId(id) ?? NO_ID);
    const sensorIds = readIds(ids);
    const { changed, parameters, added, removed } = await services.bulkEdit.run(
      principal,
      sensorIds,
      {
        ...{ maxGap, method, calendar },
        entryUnit: typeof entryUnit === 'string' ? readFlowrateUnit(entryUnit) : entryUnit,
        addTags: input.addTags ?? [],
        removeTags: input.removeTags ?? [],
        addToGroups: readIds(input.addToGroups),
        removeFromGroups: readIds(input.removeFromGroups),
        retire: retire ? { at: retire.at ?? null } : undefined,
      },
      {
        effectiveFrom: effectiveFrom ?? undefined,
        reason: reason ?? undefined,
        dryRun: dryRun ?? false,
      },
    );
    return {
      changedCount: changed.size,
      unchangedCount: sensorIds.length - changed.size,
      settings: [...parameters].map(([parameter, sensorCount]) => ({ parameter, sensorCount })),
      addedMemberCount: added,
      removedMemberCount: removed,
    };
  }
}
