import type { GroupMember, SensorGroup, SensorGroups } from '../../domain/groups/sensor-groups.js';
import type { Principal } from '../../domain/shared/principal.js';
import { BatchLoaders, type WhenWhole } from './batch-loaders.js';

/** What fields read of sensor groups, loaded for all groups or sensors of the operation together. */
export class GroupLoaders {
  private readonly batches: BatchLoaders;

  constructor(
    private readonly principal: Principal,
    private readonly groups: SensorGroups,
    whenWhole: WhenWhole,
  ) {
    this.batches = new BatchLoaders(whenWhole);
  }

  /** Undefined where the account has no such group. */
  group(id: number): Promise<SensorGroup | undefined> {
    return this.batches.load(['group'], id, (ids) => this.groups.find(this.principal, ids));
  }

  /** By sensor. */
  async members(groupId: number): Promise<GroupMember[]> {
    const found = await this.batches.load(['members'], groupId, (ids) =>
      this.groups.members(this.principal, ids),
    );
    return found ?? [];
  }

  /** By id. */
  async ofSensor(sensorId: number): Promise<SensorGroup[]> {
    const found = await this.batches.load(['groups'], sensorId, (ids) =>
      this.groups.ofSensors(this.principal, ids),
    );
    return found ?? [];
  }

  /** To be called before something is changed: later fields read it again. */
  forget(): void {
    this.batches.clear();
  }
}
