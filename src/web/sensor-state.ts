/** What a sensor does now, by its last ping. */
export type SensorState = 'flowing' | 'reverse' | 'idle' | 'stale' | 'empty';

interface Sensed {
  readonly silentSince?: string | null;
  readonly lastPing?: { readonly flowrate: number } | null;
}

export function stateOf({ silentSince, lastPing }: Sensed): SensorState {
  if (!lastPing) return 'empty';
  if (silentSince) return 'stale';
  if (lastPing.flowrate < 0) return 'reverse';
  return lastPing.flowrate === 0 ? 'idle' : 'flowing';
}

/** Told by word and shape as well as by colour. */
export const STATES: Readonly<
  Record<SensorState, { readonly name: string; readonly mark: string }>
> = {
  flowing: { name: 'Flowing', mark: '●' },
  reverse: { name: 'Reverse', mark: '◀' },
  idle: { name: 'No flow', mark: '○' },
  stale: { name: 'Stale', mark: '▲' },
  empty: { name: 'No data', mark: '–' },
};
