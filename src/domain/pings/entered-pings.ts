import type { LockedSensor } from '../../storage/pings/ping-writer.js';
import { InvalidInputError, type FieldError } from '../shared/errors.js';
import { isFlowrateUnit, toBarrelsPerDay, type FlowrateUnit } from '../shared/units.js';
import { flowrateError } from './rules.js';

interface Entered {
  readonly sensorId: number;
  readonly flowrate: number;
}

type Sensors = ReadonlyMap<number, Pick<LockedSensor, 'entryUnit'>>;

/** The unit of a flowrate that comes in: that of its request, or that of its sensor. */
export function entryUnitOf(
  sensorId: number,
  unit: FlowrateUnit | undefined,
  sensors: Sensors,
): FlowrateUnit {
  const own = unit ?? sensors.get(sensorId)?.entryUnit ?? 'bbl/d';
  // The database has no other units, unless a later version wrote one.
  if (!isFlowrateUnit(own)) throw new Error(`Sensor ${sensorId} has an unknown unit of entry.`);
  return own;
}

/**
 * The pings in bbl/d: each flowrate is converted once, by a single rounding.
 * @throws InvalidInputError that names every flowrate that is out of range in bbl/d by its index
 */
export function inBarrels<Ping extends Entered>(
  pings: readonly Ping[],
  unit: FlowrateUnit | undefined,
  sensors: Sensors,
): readonly Ping[] {
  const isInBarrels = unit
    ? unit === 'bbl/d'
    : [...sensors.values()].every(({ entryUnit }) => entryUnit === 'bbl/d');
  if (isInBarrels) return pings;
  const errors: FieldError[] = [];
  const converted = pings.map((ping, index) => {
    const own = entryUnitOf(ping.sensorId, unit, sensors);
    const flowrate = toBarrelsPerDay(ping.flowrate, own);
    const isLost = flowrate === 0 && ping.flowrate !== 0;
    if (isLost || flowrateError(flowrate)) {
      const message = `Must be 0 or of magnitude 1e-30 to 1e15 in bbl/d; got ${ping.flowrate} ${own}.`;
      errors.push({ path: [index, 'flowrate'], message });
    }
    return { ...ping, flowrate };
  });
  const [first, ...rest] = errors;
  if (first) throw new InvalidInputError([first, ...rest]);
  return converted;
}
