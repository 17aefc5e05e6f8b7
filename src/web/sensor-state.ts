import type { IconName } from './components/icon.js';

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

interface StateSigns {
  readonly name: string;
  readonly icon: IconName;
}

/** Told by word and shape as well as by colour. */
export const STATES: Readonly<Record<SensorState, StateSigns>> = {
  flowing: { name: 'Flowing', icon: 'dot' },
  reverse: { name: 'Reverse', icon: 'back' },
  idle: { name: 'No flow', icon: 'ring' },
  stale: { name: 'Stale', icon: 'warning' },
  empty: { name: 'No data', icon: 'dash' },
};
