import type { Tone } from './components/badge.js';
import type { IconName } from './components/icon.js';

/** A sensor's state, derived from its last reading. */
export type SensorState = 'flowing' | 'reverse' | 'idle' | 'stale' | 'empty';

interface LastReading {
  readonly silentSince?: string | null;
  readonly lastPing?: { readonly flowrate: number } | null;
}

export function stateOf({ silentSince, lastPing }: LastReading): SensorState {
  if (!lastPing) return 'empty';
  if (silentSince) return 'stale';
  if (lastPing.flowrate < 0) return 'reverse';
  return lastPing.flowrate === 0 ? 'idle' : 'flowing';
}

interface StateLabel {
  readonly name: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

/** A word and a shape for each state, as well as a colour. */
export const STATES: Readonly<Record<SensorState, StateLabel>> = {
  flowing: { name: 'Flowing', tone: 'good', icon: 'dot' },
  reverse: { name: 'Reverse', tone: 'reverse', icon: 'back' },
  idle: { name: 'No flow', tone: 'quiet', icon: 'ring' },
  stale: { name: 'Stale', tone: 'bad', icon: 'warning' },
  empty: { name: 'No data', tone: 'quiet', icon: 'dash' },
};

/** What needs attention comes first. */
export const BY_URGENCY: readonly SensorState[] = ['stale', 'empty', 'reverse', 'idle', 'flowing'];
