/** What a file has of a sensor, and what became of it. */
export interface SensorChanges {
  /** of a sensor that a dry run would create, an id that no sensor has */
  readonly sensorId: number;
  readonly name: string;
  readonly isCreated: boolean;
  readonly readings: number;
  readonly inserted: number;
  readonly corrected: number;
  /** those that differ from the stored reading, for which the file is refused */
  readonly conflicts: number;
  /** of its first and its last reading, in milliseconds since 1970 */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** How many readings of each sensor, by the sensor's id. */
export type CountBySensor = ReadonlyMap<number, number>;

interface Span {
  readings: number;
  firstAt: number;
  lastAt: number;
}

/** Counts the readings of each sensor and finds their span: called for each row of a file. */
export class SensorSpans {
  private readonly spans = new Map<number, Span>();
  private lastId = NaN;
  private last: Span = { readings: 0, firstAt: NaN, lastAt: NaN };

  add(sensorId: number, time: number): void {
    // Most rows are of the sensor of the row before.
    if (sensorId !== this.lastId) this.change(sensorId, time);
    const { last } = this;
    last.readings++;
    if (time < last.firstAt) last.firstAt = time;
    else if (time > last.lastAt) last.lastAt = time;
  }

  get sensorIds(): number[] {
    return [...this.spans.keys()];
  }

  /**
   * Of each sensor, in the order of their first rows.
   * @param inserted undefined where all readings are new
   */
  changes(
    sensors: { nameOf(sensorId: number): string; isCreated(sensorId: number): boolean },
    inserted: CountBySensor | undefined,
    { corrected, conflicts }: { corrected?: CountBySensor; conflicts?: CountBySensor },
  ): SensorChanges[] {
    return [...this.spans].map(([sensorId, span]) => ({
      sensorId,
      name: sensors.nameOf(sensorId),
      isCreated: sensors.isCreated(sensorId),
      ...span,
      inserted: inserted ? (inserted.get(sensorId) ?? 0) : span.readings,
      corrected: corrected?.get(sensorId) ?? 0,
      conflicts: conflicts?.get(sensorId) ?? 0,
    }));
  }

  private change(sensorId: number, time: number): void {
    let span = this.spans.get(sensorId);
    if (!span) this.spans.set(sensorId, (span = { readings: 0, firstAt: time, lastAt: time }));
    this.lastId = sensorId;
    this.last = span;
  }
}
