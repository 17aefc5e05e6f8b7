import { FLOWRATE_UNITS, type FlowrateUnit } from './units.js';

const UNITS = new Map(FLOWRATE_UNITS.map((unit) => [unit.toLowerCase(), unit]));

/** Writes units in the end of a text as Flowgate does: `m³/h` as `m3/h`, `BPD` and `bbl/day` as `bbl/d`. */
export function plainUnits(text: string): string {
  return text
    .replaceAll('³', '3')
    .replace(/\/day$/i, '/d')
    .replace(/\bbo?pd$/i, 'bbl/d');
}

/** A unit as devices and people write it: `m³/h`, `GPM`, `bpd`; undefined for anything else. */
export function readFlowrateUnit(text: string): FlowrateUnit | undefined {
  return UNITS.get(plainUnits(text.trim()).toLowerCase());
}
