/** One reading of an upstream; bbl/d. */
export interface UpstreamPing {
  readonly datetime: Date;
  readonly flowrate: number;
}

/** A sensor as an upstream describes it; degrees (WGS 84), inches. */
export interface UpstreamSensor {
  readonly id: number;
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly pipeDiameter: number | null;
  /** undefined where the upstream does not say */
  readonly activatedAt?: Date | null | undefined;
  readonly lastPingAt: Date | null;
}

/** A server that speaks the documented REST API. */
export interface Upstream {
  /** identifies it */
  readonly address: string;
  /** All sensors, page by page. */
  sensors(): AsyncIterable<readonly UpstreamSensor[]>;
  /** A sensor's pings between two instants, page by page. */
  pings(sensorId: number, start: Date, end: Date): AsyncIterable<readonly UpstreamPing[]>;
  /** Barrels in [start, end), as the upstream computes them. */
  volume(sensorId: number, start: Date, end: Date): Promise<number>;
  /** The datetime of a sensor's first ping; undefined where it has none. */
  firstPingAt(sensorId: number): Promise<Date | undefined>;
}
