import type { GroupMember, SensorGroup, SensorGroups } from '../../domain/groups/sensor-groups.js';
import type {
  ClosedRange,
  PeriodRow,
  Periods,
  PeriodSensor,
} from '../../domain/periods/periods.js';
import type { Principal } from '../../domain/shared/principal.js';
import { BatchLoaders, type WhenWhole } from './batch-loaders.js';
import { requireFound } from './require-found.js';

/** What fields read of sensor groups and their periods, loaded for all groups, periods or sensors of the operation together. */
export class GroupLoaders {
  private readonly batches: BatchLoaders;

  constructor(
    private readonly principal: Principal,
    private readonly deps: { readonly groups: SensorGroups; readonly periods: Periods },
    whenWhole: WhenWhole,
  ) {
    this.batches = new BatchLoaders(whenWhole);
  }

  /** Undefined where the account has no such group. */
  group(id: number): Promise<SensorGroup | undefined> {
    return this.batches.load(['group'], id, (ids) => this.deps.groups.find(this.principal, ids));
  }

  /** @throws NotFoundError where the account has no such group */
  async require(id: number): Promise<SensorGroup> {
    return requireFound(await this.group(id));
  }

  /** Undefined where the account has no such period. */
  period(id: number): Promise<PeriodRow | undefined> {
    return this.batches.load(['period'], id, (ids) => this.deps.periods.find(this.principal, ids));
  }

  /** @throws NotFoundError where the account has no such period */
  async requirePeriod(id: number): Promise<PeriodRow> {
    return requireFound(await this.period(id));
  }

  /** By sensor. */
  async periodSensors(periodId: number): Promise<PeriodSensor[]> {
    const found = await this.batches.load(['periodSensors'], periodId, (ids) =>
      this.deps.periods.sensors(this.principal, ids),
    );
    return found ?? [];
  }

  /** By sensor. */
  async members(groupId: number): Promise<GroupMember[]> {
    const found = await this.batches.load(['members'], groupId, (ids) =>
      this.deps.groups.members(this.principal, ids),
    );
    return found ?? [];
  }

  /** By id. */
  async ofSensor(sensorId: number): Promise<SensorGroup[]> {
    const found = await this.batches.load(['groups'], sensorId, (ids) =>
      this.deps.groups.ofSensors(this.principal, ids),
    );
    return found ?? [];
  }

  /** By start, reopened ones among them. */
  async closedRanges(sensorId: number): Promise<ClosedRange[]> {
    const found = await this.batches.load(['closedRanges'], sensorId, (ids) =>
      this.deps.periods.closedRanges(this.principal, ids),
    );
    return found ?? [];
  }

  /** To be called before something is changed: later fields read it again. */
  forget(): void {
    this.batches.clear();
  }
}
