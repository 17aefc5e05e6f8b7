import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { SensorGroup as Group } from '../../domain/groups/sensor-groups.js';
import type { SensorRecord } from '../../domain/sensors/sensors.js';
import type { GraphQLContext } from '../execution/context.js';
import { listCost, pageCost } from '../execution/field-costs.js';
import { GroupNodeList, groupPosition } from '../pagination/group-node-list.js';
import { ConnectionArgs, pageRequest } from '../pagination/page-request.js';
import { VolumeCalendar } from '../types/calendar.type.js';
import { FlowSensor } from '../types/flow-sensor.type.js';
import { NO_ID, readId } from '../types/record-id.js';
import {
  CreateSensorGroupInput,
  SensorGroup,
  SensorGroupConnection,
  SensorGroupMember,
  SensorGroupMemberInput,
  UpdateSensorGroupInput,
} from '../types/sensor-group.type.js';

const ID_OF_GROUP = 'The id of the sensor group.';

@Resolver(() => SensorGroup)
export class SensorGroupResolver {
  @Query(() => SensorGroup, {
    nullable: true,
    description: 'One sensor group. Null: the account has no group with that id.',
  })
  sensorGroup(
    @Arg('id', () => ID, { description: ID_OF_GROUP }) id: string,
    @Ctx() { groupLoaders }: GraphQLContext,
  ): Promise<Group | undefined> {
    return groupLoaders.group(readId(id) ?? NO_ID);
  }

  @Query(() => SensorGroupConnection, {
    description: 'The account’s sensor groups by id, page by page.',
    complexity: pageCost,
  })
  sensorGroups(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: GraphQLContext,
  ): object {
    return new SensorGroupConnection(new GroupNodeList(context, pageRequest(page, groupPosition)));
  }

  @FieldResolver(() => VolumeCalendar, {
    nullable: true,
    description: 'The calendar by which the group’s days are counted. Null: they are days of UTC.',
  })
  async calendar(
    @Root() { calendar }: Group,
    @Ctx() { calendars }: GraphQLContext,
  ): Promise<VolumeCalendar | undefined> {
    return calendar === null
      ? undefined
      : (await calendars()).find(({ name }) => name === calendar);
  }

  @FieldResolver(() => [SensorGroupMember], {
    description: 'The sensors of the group by id, at most 1000.',
    complexity: listCost,
  })
  async members(
    @Root() { id }: Group,
    @Ctx() { groupLoaders, sensorLoaders }: GraphQLContext,
  ): Promise<SensorGroupMember[]> {
    const members = await groupLoaders.members(id);
    const sensors = await Promise.all(members.map((each) => sensorLoaders.sensor(each.sensorId)));
    return members.flatMap(({ direction }, index) => {
      const sensor = sensors[index];
      return sensor ? [{ sensor, direction }] : [];
    });
  }

  @Mutation(() => SensorGroup, {
    description:
      'Creates a sensor group. Fails with the code CONFLICT where the account has one of that name, or 1000 groups. Needs the scope ADMIN.',
  })
  createSensorGroup(
    @Arg('input', () => CreateSensorGroupInput, { description: 'The group to create.' })
    input: CreateSensorGroupInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<Group> {
    return services.groups.create(principal, input);
  }

  @Mutation(() => SensorGroup, {
    description:
      'Changes a sensor group. Fails with the code CONFLICT where the account has another one of that name. Needs the scope ADMIN.',
  })
  updateSensorGroup(
    @Arg('id', () => ID, { description: ID_OF_GROUP }) id: string,
    @Arg('input', () => UpdateSensorGroupInput, { description: 'What to change.' })
    { name, calendar, maxImbalancePercent, maxImbalanceVolume }: UpdateSensorGroupInput,
    @Ctx() { principal, services, groupLoaders }: GraphQLContext,
  ): Promise<Group> {
    groupLoaders.forget();
    return services.groups.update(principal, readId(id) ?? NO_ID, {
      ...(typeof name === 'string' && { name }),
      ...(calendar !== undefined && { calendar }),
      ...(maxImbalancePercent !== undefined && { maxImbalancePercent }),
      ...(maxImbalanceVolume !== undefined && { maxImbalanceVolume }),
    });
  }

  @Mutation(() => SensorGroup, {
    description: 'Replaces the members of a sensor group. Needs the scope ADMIN.',
  })
  setSensorGroupMembers(
    @Arg('id', () => ID, { description: ID_OF_GROUP }) id: string,
    @Arg('members', () => [SensorGroupMemberInput], {
      description: 'The sensors that the group then has, each once, at most 1000.',
    })
    members: SensorGroupMemberInput[],
    @Ctx() { principal, services, groupLoaders }: GraphQLContext,
  ): Promise<Group> {
    groupLoaders.forget();
    const read = members.map(({ sensorId, direction = null }) => {
      return { sensorId: readId(sensorId) ?? NO_ID, direction };
    });
    return services.groups.setMembers(principal, readId(id) ?? NO_ID, read);
  }

  @Mutation(() => ID, {
    description:
      'Deletes a sensor group, not its sensors, and returns its id. Fails with the code CONFLICT where it has closed periods. Needs the scope ADMIN.',
  })
  async deleteSensorGroup(
    @Arg('id', () => ID, { description: ID_OF_GROUP }) id: string,
    @Ctx() { principal, services, groupLoaders }: GraphQLContext,
  ): Promise<string> {
    groupLoaders.forget();
    const groupId = readId(id) ?? NO_ID;
    await services.groups.delete(principal, groupId);
    return String(groupId);
  }
}

@Resolver(() => FlowSensor)
export class SensorGroupsField {
  @FieldResolver(() => [SensorGroup], {
    description: 'The groups that the sensor is a member of, by id.',
    complexity: listCost,
  })
  groups(@Root() { id }: SensorRecord, @Ctx() { groupLoaders }: GraphQLContext): Promise<Group[]> {
    return groupLoaders.ofSensor(id);
  }
}
