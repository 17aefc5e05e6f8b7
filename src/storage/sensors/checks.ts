/** What readings are checked for. */
export const SENSOR_CHECKS = [
  ...(['FROZEN', 'RATE_OF_CHANGE', 'REASONABILITY', 'OPERATIONAL_LIMIT'] as const),
  ...(['LOW_FLOW', 'DUPLICATE'] as const),
] as const;
export type SensorCheck = (typeof SENSOR_CHECKS)[number];

/** Flowrates in bbl/d; null: no limit on that side. */
export interface FlowrateLimits {
  readonly low: number | null;
  readonly high: number | null;
}

/** The checks that the readings of a sensor go through. One that is absent is off. */
export interface SensorChecks {
  /** as many equal readings other than 0 in a row, over at least so many seconds */
  readonly frozen?: { readonly readings: number; readonly seconds: number };
  /** bbl/d a minute, from the reading before */
  readonly rateOfChange?: { readonly perMinute: number };
  readonly reasonability?: FlowrateLimits;
  readonly operationalLimit?: FlowrateLimits;
  /** bbl/d below which a flowrate other than 0 is flagged, whatever its sign */
  readonly lowFlow?: { readonly cutOff: number };
  /** another flowrate at an instant that is stored */
  readonly duplicate?: true;
}

/** As they are stored: null where there are none. */
export function writeChecks(checks: SensorChecks): string | null {
  const { frozen, rateOfChange, reasonability, operationalLimit, lowFlow, duplicate } = checks;
  const ordered = { frozen, rateOfChange, reasonability, operationalLimit, lowFlow, duplicate };
  const text = JSON.stringify(ordered);
  return text === '{}' ? null : text;
}

export function readChecks(text: string | null): SensorChecks {
  return text === null ? {} : (JSON.parse(text) as SensorChecks);
}
