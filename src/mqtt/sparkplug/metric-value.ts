import type { Quality } from '../../domain/pings/quality.js';
import type { FlowrateUnit } from '../../domain/shared/units.js';
import { readFlowrateUnit } from '../../domain/shared/unit-names.js';
import { readDeviceQuality } from '../profiles/json.js';
import type { Metric, RawValue } from './payload.js';

/** Data types of Sparkplug B, with the bits of those that have a sign. */
const SIGNED_BITS: Readonly<Record<number, number>> = { 1: 8, 2: 16, 3: 32, 4: 64 };

/** Of a metric: what it says beside its value. */
export interface MetricProperties {
  readonly quality: Quality | undefined;
  /** undefined where the unit is not one of flowrates */
  readonly unit: FlowrateUnit | undefined;
}

/** Whether the value can be read only with the data type, which is that of the birth. */
export function needsType({ datatype, intValue, longValue }: Metric): boolean {
  return datatype === undefined && (intValue ?? longValue) !== undefined;
}

/** A number, text or truth value; null for those of other types. */
export function valueOf(raw: RawValue, datatype: number | undefined): unknown {
  const { intValue, longValue, floatValue, doubleValue, booleanValue, stringValue } = raw;
  const integer = intValue ?? longValue;
  if (integer === undefined) {
    return floatValue ?? doubleValue ?? booleanValue ?? stringValue ?? null;
  }
  const bits = SIGNED_BITS[datatype ?? 0];
  // The nearest number, where an integer of 64 bits is beyond 2^53.
  return Number(bits === undefined ? integer : BigInt.asIntN(bits, BigInt(integer)));
}

/** The properties `Quality` and `engUnit`. */
export function propertiesOf({ properties }: Metric): MetricProperties {
  const found = new Map<string, unknown>();
  for (const [index, key] of (properties?.keys ?? []).entries()) {
    const raw = properties?.values?.[index];
    if (raw && !raw.isNull) found.set(key.toLowerCase(), valueOf(raw, raw.type));
  }
  const [quality, unit] = [found.get('quality'), found.get('engunit')];
  return {
    quality: typeof quality === 'number' ? qualityOf(quality) : readDeviceQuality(quality),
    unit: typeof unit === 'string' ? readFlowrateUnit(unit) : undefined,
  };
}

const OPC_QUALITIES = 256;
// 500 is Sparkplug's for a value that is stale; from 512 on Ignition has those that are bad.
const FIRST_BAD = 512;

function qualityOf(code: number): Quality | undefined {
  if (code >= 0 && code < OPC_QUALITIES) return readDeviceQuality(code);
  return code >= OPC_QUALITIES && code < FIRST_BAD ? 'UNCERTAIN' : 'BAD';
}
