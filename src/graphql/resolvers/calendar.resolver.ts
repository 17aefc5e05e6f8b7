import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { SensorRecord } from '../../domain/sensors/sensors.js';
import type { GraphQLContext } from '../execution/context.js';
import { VolumeCalendar, VolumeCalendarInput } from '../types/calendar.type.js';
import { FlowSensor } from '../types/flow-sensor.type.js';
import { readFlowrateUnit, readVolumeUnit } from '../types/units.js';

@Resolver()
export class CalendarResolver {
  @Query(() => [VolumeCalendar], {
    description: 'The calendars of the account, by name; there may be at most 100.',
    complexity: ({ childComplexity }) => 10 + childComplexity,
  })
  calendars(@Ctx() { calendars }: GraphQLContext): Promise<VolumeCalendar[]> {
    return calendars();
  }

  @Mutation(() => VolumeCalendar, {
    description:
      'Creates a calendar, or replaces the one of that name. Fails with the code CONFLICT where the account has 100 others. Needs the scope ADMIN.',
  })
  saveCalendar(
    @Arg('input', () => VolumeCalendarInput, { description: 'The calendar.' })
    { dayStart, volumeUnit, flowrateUnit, ...input }: VolumeCalendarInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<VolumeCalendar> {
    return services.calendars.save(principal, {
      ...input,
      ...(dayStart && { dayStart }),
      ...(volumeUnit && { volumeUnit: readVolumeUnit(volumeUnit) }),
      ...(flowrateUnit && { flowrateUnit: readFlowrateUnit(flowrateUnit) }),
    });
  }

  @Mutation(() => String, {
    description:
      'Deletes a calendar and returns its name. Fails with the code CONFLICT where sensors or groups have it. Needs the scope ADMIN.',
  })
  async deleteCalendar(
    @Arg('name', () => String, { description: 'The name of the calendar.' }) name: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<string> {
    await services.calendars.delete(principal, name);
    return name;
  }
}

@Resolver(() => FlowSensor)
export class SensorCalendarField {
  @FieldResolver(() => VolumeCalendar, {
    nullable: true,
    description: 'The calendar that is set for the sensor. Null: none is.',
  })
  async calendar(
    @Root() { calendar }: SensorRecord,
    @Ctx() { calendars }: GraphQLContext,
  ): Promise<VolumeCalendar | undefined> {
    return calendar === null
      ? undefined
      : (await calendars()).find(({ name }) => name === calendar);
  }
}
