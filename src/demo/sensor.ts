/** A reading: milliseconds since 1970, bbl/d. */
export type Reading = readonly [time: number, flowrate: number];

/** A sensor of the demo and a month of its readings, oldest first. */
export interface DemoSensor {
  readonly name: string;
  /** degrees, WGS 84 */
  readonly latitude: number;
  readonly longitude: number;
  /** inches */
  readonly pipeDiameter: number | null;
  readonly readings: readonly Reading[];
}
