import { toBarrelsPerDay, type FlowrateUnit } from '../volumes/units.js';

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const NON_ZERO = /^\s*[+-]?[0.]*[1-9]/;
const MAX_SHOWN = 60;

/** A decimal number as other programs write it; undefined where it is none. */
export function readNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** The flowrate in bbl/d; undefined where it is no number, or one so small that a double makes 0 of it. */
export function readFlowrate(text: string, unit: FlowrateUnit): number | undefined {
  const value = readNumber(text);
  if (value === undefined) return undefined;
  const flowrate = unit === 'bbl/d' ? value : toBarrelsPerDay(value, unit);
  return flowrate === 0 && NON_ZERO.test(text) ? undefined : flowrate;
}

/** A value as a message shows it. */
export function shown(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}
