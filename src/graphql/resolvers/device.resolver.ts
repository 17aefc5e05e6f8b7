import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { DeviceField, DeviceFieldInput, DeviceFieldKey } from '../types/device-field.type.js';
import { NO_ID, readId } from '../types/record-id.js';
import { readFlowrateUnit } from '../types/units.js';

/** The devices in the field whose messages come in through a network server. */
@Resolver()
export class DeviceResolver {
  @Query(() => [DeviceField], {
    description:
      'The fields of devices in the field that are flowrates, by network, device and field; there are at most 100 000.',
  })
  deviceFields(@Ctx() { principal, services }: GraphQLContext): Promise<DeviceField[]> {
    return services.devices.list(principal);
  }

  @Mutation(() => DeviceField, {
    description:
      'Sets the flow sensor that a field of the messages of a device is the flowrate of, in place of what was set for that field. Needs the scope ADMIN.',
  })
  setDeviceField(
    @Arg('input', () => DeviceFieldInput, { description: 'The field, and what it is.' })
    { sensorId, unit, ...input }: DeviceFieldInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<DeviceField> {
    return services.devices.set(principal, {
      ...input,
      sensorId: readId(sensorId) ?? NO_ID,
      unit: unit ? readFlowrateUnit(unit) : null,
    });
  }

  @Mutation(() => Boolean, {
    description:
      'Removes what was set for a field of the messages of a device; always true. Fails with the code NOT_FOUND where nothing was. Needs the scope ADMIN.',
  })
  async removeDeviceField(
    @Arg('input', () => DeviceFieldKey, { description: 'The field.' }) key: DeviceFieldKey,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<boolean> {
    await services.devices.remove(principal, key);
    return true;
  }
}
