import DataLoader from 'dataloader';
import type { PingIdentity, Pings } from '../../domain/pings/pings.js';
import type { Principal } from '../../domain/shared/principal.js';
import type { TotalizerVolume, TotalizerVolumes } from '../../domain/volumes/totalizer-volumes.js';
import type { FlowVolume } from '../../domain/volumes/volumes.js';
import { BatchLoaders, type WhenWhole } from './batch-loaders.js';

/** What meters count by themselves, loaded for all pings or volumes of the operation together. */
export class TotalizerLoaders {
  private readonly pings: DataLoader<PingIdentity, number | null>;
  private readonly volumes: DataLoader<FlowVolume, TotalizerVolume | null>;

  constructor(
    principal: Principal,
    deps: { readonly pings: Pings; readonly totalizerVolumes: TotalizerVolumes },
    whenWhole: WhenWhole,
  ) {
    const options = { cache: false, batchScheduleFn: new BatchLoaders(whenWhole).schedule };
    this.pings = new DataLoader(async (pings: readonly PingIdentity[]) => {
      const found = await deps.pings.totalizers(principal, pings);
      return pings.map(({ id }) => found.get(id) ?? null);
    }, options);
    this.volumes = new DataLoader(
      (volumes: readonly FlowVolume[]) => deps.totalizerVolumes.of(principal, volumes),
      options,
    );
  }

  /** Barrels; null where the ping has none. */
  ofPing({ id, sensorId, datetime }: PingIdentity): Promise<number | null> {
    return this.pings.load({ id, sensorId, datetime });
  }

  ofVolume(volume: FlowVolume): Promise<TotalizerVolume | null> {
    return this.volumes.load(volume);
  }
}
