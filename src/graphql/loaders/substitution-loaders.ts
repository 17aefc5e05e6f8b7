import DataLoader from 'dataloader';
import type { PingIdentity } from '../../domain/pings/pings.js';
import type { PingMethod, Substitution, Substitutions } from '../../domain/pings/substitutions.js';
import type { Principal } from '../../domain/shared/principal.js';
import { BatchLoaders, type WhenWhole } from './batch-loaders.js';

/** What fields read of substitutions, loaded for all sensors or pings of the operation together. */
export class SubstitutionLoaders {
  private readonly batches: BatchLoaders;
  private readonly methods: DataLoader<PingIdentity, PingMethod>;

  constructor(
    private readonly principal: Principal,
    private readonly substitutions: Substitutions,
    whenWhole: WhenWhole,
  ) {
    this.batches = new BatchLoaders(whenWhole);
    this.methods = new DataLoader(
      async (pings: readonly PingIdentity[]) => {
        const found = await substitutions.methods(principal, pings);
        return pings.map(({ id }) => found.get(id) ?? 'MEASURED');
      },
      { cache: false, batchScheduleFn: this.batches.schedule },
    );
  }

  /** Newest first. */
  async of(sensorId: number): Promise<Substitution[]> {
    const found = await this.batches.load(['substitutions'], sensorId, (ids) =>
      this.substitutions.newest(this.principal, ids),
    );
    return found ?? [];
  }

  methodOf({ id, sensorId, datetime }: PingIdentity): Promise<PingMethod> {
    return this.methods.load({ id, sensorId, datetime });
  }
}
