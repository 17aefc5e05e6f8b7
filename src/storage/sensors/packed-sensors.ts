import { readInstant } from '../postgres/binary-instant.js';
import { SENSOR_RECORD } from './sql/sensor-list.js';

const { bytes: BYTES, offsets: AT } = SENSOR_RECORD;

/**
 * A sensor in a list. Coordinates are in degrees, the diameter in inches, the flowrate in bbl/d and
 * instants in milliseconds since 1970; unknown values are null.
 */
export interface SensorListEntry {
  readonly id: number;
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly pipeDiameter: number | null;
  readonly lastFlowrate: number | null;
  readonly lastAt: number | null;
  readonly activatedAt: number | null;
}

/** A row of `sensorList`; both are null if there are no sensors. */
export interface PackedSensors {
  readonly names: readonly string[] | null;
  readonly figures: string | null;
}

export function unpackSensors({ names, figures }: PackedSensors): SensorListEntry[] {
  const buffer = Buffer.from(figures ?? '', 'base64');
  return (names ?? []).map((name, index) => {
    const at = index * BYTES;
    return {
      id: buffer.readInt32BE(at + AT.id),
      name,
      latitude: readFigure(buffer, at + AT.latitude),
      longitude: readFigure(buffer, at + AT.longitude),
      pipeDiameter: readFigure(buffer, at + AT.pipeDiameter),
      lastFlowrate: readFigure(buffer, at + AT.lastFlowrate),
      lastAt: readKnownInstant(buffer, at + AT.lastAt),
      activatedAt: readKnownInstant(buffer, at + AT.activatedAt),
    };
  });
}

function readFigure(buffer: Buffer, at: number): number | null {
  const figure = buffer.readDoubleBE(at);
  return Number.isNaN(figure) ? null : figure;
}

// The high word of -infinity, which stands for null; no other instant has it.
const NULL_INSTANT = -(2 ** 31);

function readKnownInstant(buffer: Buffer, at: number): number | null {
  return buffer.readInt32BE(at) === NULL_INSTANT ? null : readInstant(buffer, at);
}
