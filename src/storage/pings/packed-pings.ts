import { readInstant } from '../postgres/binary-instant.js';
import { qualityOf, type Quality } from './quality.js';
import { PING_RECORD } from './sql/packed-pings.js';

const { bytes: BYTES, offsets: AT } = PING_RECORD;

/**
 * Consecutive pings of one sensor. They stay PING_RECORDs until they are read.
 */
export class PackedPings {
  static readonly NONE = new PackedPings(Buffer.alloc(0), 0, false);

  private constructor(
    private readonly buffer: Buffer,
    readonly length: number,
    private readonly isReversed: boolean,
  ) {}

  /** @param base64 the result of `PACKED_PINGS` */
  static from(base64: string): PackedPings {
    const buffer = Buffer.from(base64, 'base64');
    return new PackedPings(buffer, buffer.length / BYTES, false);
  }

  /** The first `count` of them, or all if there are fewer. */
  first(count: number): PackedPings {
    return new PackedPings(this.buffer, Math.min(count, this.length), this.isReversed);
  }

  reversed(): PackedPings {
    return new PackedPings(this.buffer, this.length, !this.isReversed);
  }

  /** @param sensor the sensor of these pings */
  of<Sensor extends { readonly id: number }>(sensor: Sensor): PackedPing<Sensor>[] {
    const { buffer, length, isReversed } = this;
    const pings: PackedPing<Sensor>[] = [];
    for (let index = 0; index < length; index++) {
      const place = isReversed ? length - 1 - index : index;
      pings.push(new PackedPing(sensor, buffer, place * BYTES));
    }
    return pings;
  }
}

/**
 * A ping that is decoded when its fields are read. Thousands of them are in memory while a query
 * waits for its other statements: decoded at once, they would keep the garbage collector busy.
 */
export class PackedPing<Sensor extends { readonly id: number }> {
  constructor(
    readonly sensor: Sensor,
    private readonly buffer: Buffer,
    private readonly place: number,
  ) {}

  /** Decimal, because it may exceed what a number can represent exactly. */
  get id(): string {
    const { buffer } = this;
    const place = this.place + AT.id;
    return buffer.readInt32BE(place) === 0
      ? String(buffer.readUInt32BE(place + 4))
      : String(buffer.readBigInt64BE(place));
  }

  get sensorId(): number {
    return this.sensor.id;
  }

  /** milliseconds since 1970 */
  get at(): number {
    return readInstant(this.buffer, this.place + AT.datetime);
  }

  get datetime(): Date {
    return new Date(this.at);
  }

  /** bbl/d */
  get flowrate(): number {
    return this.buffer.readDoubleBE(this.place + AT.flowrate);
  }

  get recordedAt(): Date {
    return new Date(readInstant(this.buffer, this.place + AT.recorded_at));
  }

  get quality(): Quality {
    return qualityOf(this.buffer.readInt32BE(this.place + AT.severity));
  }
}
