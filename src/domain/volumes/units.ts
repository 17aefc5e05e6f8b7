/**
 * Barrels per day in one of each unit, as an exact fraction of integers that doubles hold.
 *
 * 1 bbl = 42 US gal = 42 · 231 in³ = 0.158987294928 m³ and 1 ft³ = 1728 in³ = 0.028316846592 m³,
 * all by definition (NIST Handbook 44, appendix C); gpm, MGD (million gallons a day) and cfs are of
 * US gallons and international feet. Multiplying first and dividing then rounds twice, never by a
 * rounded factor.
 */
const BARRELS_PER_DAY = {
  'bbl/d': [1, 1],
  'bbl/h': [24, 1],
  'bbl/min': [1440, 1],
  'm3/d': [62_500_000_000, 9_936_705_933],
  'm3/h': [1_500_000_000_000, 9_936_705_933],
  'm3/s': [5_400_000_000_000_000, 9_936_705_933],
  'l/min': [90_000_000_000, 9_936_705_933],
  'l/s': [5_400_000_000_000, 9_936_705_933],
  gpm: [240, 7],
  MGD: [500_000, 21],
  cfs: [8_294_400, 539],
} as const satisfies Record<string, readonly [number, number]>;

export type FlowrateUnit = keyof typeof BARRELS_PER_DAY;

export const FLOWRATE_UNITS = Object.keys(BARRELS_PER_DAY) as FlowrateUnit[];

/** The flowrate in bbl/d; within two roundings of a double of the exact value. */
export function toBarrelsPerDay(flowrate: number, unit: FlowrateUnit): number {
  const [numerator, denominator] = BARRELS_PER_DAY[unit];
  return (flowrate * numerator) / denominator;
}
