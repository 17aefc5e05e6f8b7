import type { HistoryPart, SensorHistories } from '../../domain/pings/sensor-history.js';
import type { PingSelection } from '../../domain/pings/pings.js';
import { halfOpen } from '../../domain/pings/window.js';
import type { Principal } from '../../domain/shared/principal.js';
import type { Calendar, FlowVolume, VolumeMethod } from '../../domain/volumes/volumes.js';
import type { PingSource } from '../pagination/ping-node-list.js';
import type { BatchLoaders } from './batch-loaders.js';

/** What is asked of a history's volumes. */
export interface HistoryVolumeRequest {
  readonly start: Date;
  readonly end: Date;
  readonly calendar?: Calendar | undefined;
  readonly method?: VolumeMethod | undefined;
  readonly asOf?: Date | undefined;
}

/** What fields read of a sensor's history, loaded for all sensors of the operation together. */
export class HistoryLoaders {
  constructor(
    private readonly principal: Principal,
    private readonly histories: SensorHistories,
    private readonly batches: BatchLoaders,
  ) {}

  async parts(sensorId: number): Promise<HistoryPart[]> {
    const parts = await this.batches.load(['historyParts'], sensorId, (ids) =>
      this.histories.parts(this.principal, ids),
    );
    return parts ?? [];
  }

  async volumes(sensorId: number, request: HistoryVolumeRequest): Promise<FlowVolume[]> {
    const { start, end, calendar, method, asOf } = request;
    const shape = ['historyVolumes', start, end, calendar, method, asOf];
    const volumes = await this.batches.load(shape, sensorId, (ids) =>
      this.histories.volumesOf(this.principal, ids, request, request),
    );
    return volumes ?? [];
  }

  pingsOf(sensorId: number): PingSource {
    return {
      window: async (window) => {
        const { order, start, end, asOf, after, before, take, from } = window;
        const shape = ['historyPings', order, start, end, asOf, after, before, take, from];
        const found = await this.batches.load(shape, sensorId, (ids) =>
          this.histories.pingWindows(this.principal, ids, window),
        );
        return found ? { nodes: found.pings, more: found.more } : { nodes: [], more: false };
      },
      count: (selection) => this.pingCount(sensorId, selection),
    };
  }

  private async pingCount(sensorId: number, { asOf, ...interval }: PingSelection): Promise<number> {
    const [volume] = await this.volumes(sensorId, { ...halfOpen(interval), asOf });
    return volume?.pingCount ?? 0;
  }
}
