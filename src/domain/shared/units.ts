import { factor, inverse, product, scaled, type Factor } from './scale.js';

/**
 * Barrels in one of each unit, exactly.
 *
 * - 1 in = 25.4 mm, so 1 ft³ = 0.3048³ m³ = 28.316846592 L (NIST Special Publication 811, appendix B).
 * - 1 US gal = 231 in³ = 3.785411784 L, and 1 bbl (petroleum) = 42 US gal = 158.987294928 L (NIST
 *   Handbook 44, appendix C).
 * - 1 acre-foot = 43 560 ft³ of the international foot (the survey foot is deprecated since 2022:
 *   85 FR 62698).
 */
const BARRELS = {
  bbl: factor(1n),
  m3: factor(10n ** 12n, 158_987_294_928n),
  gal: factor(1n, 42n),
  ft3: factor(28_316_846_592n, 158_987_294_928n),
  l: factor(10n ** 9n, 158_987_294_928n),
  'acre-ft': factor(43_560n * 28_316_846_592n, 158_987_294_928n),
} as const satisfies Record<string, Factor>;

export type VolumeUnit = keyof typeof BARRELS;

const PER_DAY = { d: 1n, h: 24n, min: 1440n, s: 86_400n } as const;

type TimeUnit = keyof typeof PER_DAY;

/** The field's own names of rates of US gallons and cubic feet. */
const BARRELS_PER_DAY_OF_NAMES = {
  gpm: factor(1440n, 42n),
  MGD: factor(10n ** 6n, 42n),
  cfs: product(BARRELS.ft3, factor(86_400n)),
} as const satisfies Record<string, Factor>;

/** Such as `m3/h`; `gpm` is `gal/min`, `MGD` a million gallons a day and `cfs` is `ft3/s`. */
export type FlowrateUnit = `${VolumeUnit}/${TimeUnit}` | keyof typeof BARRELS_PER_DAY_OF_NAMES;

/** The units in which pages and files show figures. */
export interface DisplayUnits {
  readonly volumeUnit: VolumeUnit;
  readonly flowrateUnit: FlowrateUnit;
}

export const BARREL_UNITS: DisplayUnits = { volumeUnit: 'bbl', flowrateUnit: 'bbl/d' };

export const VOLUME_UNITS = Object.keys(BARRELS) as VolumeUnit[];

const BARRELS_PER_DAY = new Map<FlowrateUnit, Factor>([
  ...VOLUME_UNITS.flatMap((volume) =>
    (Object.keys(PER_DAY) as TimeUnit[]).map(
      (time) => [`${volume}/${time}`, product(BARRELS[volume], factor(PER_DAY[time]))] as const,
    ),
  ),
  ...(Object.entries(BARRELS_PER_DAY_OF_NAMES) as [FlowrateUnit, Factor][]),
]);

export const FLOWRATE_UNITS = [...BARRELS_PER_DAY.keys()];

const UNITS_PER_BARREL = new Map(VOLUME_UNITS.map((unit) => [unit, inverse(BARRELS[unit])]));
const UNITS_PER_BARREL_PER_DAY = new Map(
  FLOWRATE_UNITS.map((unit) => [unit, inverse(BARRELS_PER_DAY.get(unit)!)]),
);

export function isVolumeUnit(text: string): text is VolumeUnit {
  return UNITS_PER_BARREL.has(text as VolumeUnit);
}

export function isFlowrateUnit(text: string): text is FlowrateUnit {
  return BARRELS_PER_DAY.has(text as FlowrateUnit);
}

/** Barrels in a volume of the unit; rounded once, to the nearest double. */
export function toBarrels(volume: number, unit: VolumeUnit): number {
  return unit === 'bbl' ? volume : scaled(volume, BARRELS[unit]);
}

/** Barrels as a number of the unit; rounded once, to the nearest double. */
export function fromBarrels(barrels: number, unit: VolumeUnit): number {
  return unit === 'bbl' ? barrels : scaled(barrels, UNITS_PER_BARREL.get(unit)!);
}

/** The flowrate in bbl/d; rounded once, to the nearest double. */
export function toBarrelsPerDay(flowrate: number, unit: FlowrateUnit): number {
  return unit === 'bbl/d' ? flowrate : scaled(flowrate, BARRELS_PER_DAY.get(unit)!);
}

/** A flowrate in bbl/d as one in the unit; rounded once, to the nearest double. */
export function fromBarrelsPerDay(flowrate: number, unit: FlowrateUnit): number {
  return unit === 'bbl/d' ? flowrate : scaled(flowrate, UNITS_PER_BARREL_PER_DAY.get(unit)!);
}

/** What fifteen significant digits say survives two roundings of a double. */
const SURE_DIGITS = 15;

/**
 * The flowrate that was converted to bbl/d by `toBarrelsPerDay`: exactly, where it had at most 15
 * significant digits, as every reading of a device has; else within a unit of the last place.
 */
export function enteredFlowrate(flowrate: number, unit: FlowrateUnit): number {
  const nearest = fromBarrelsPerDay(flowrate, unit);
  const short = Number(nearest.toPrecision(SURE_DIGITS));
  return toBarrelsPerDay(short, unit) === flowrate ? short : nearest;
}
