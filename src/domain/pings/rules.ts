/** A ping may be this far ahead of the server's clock, no further. */
const MAX_AHEAD_MS = 24 * 3_600_000;
const MIN_MAGNITUDE = 1e-30;
const MAX_MAGNITUDE = 1e15;

/** What is wrong with a flowrate (bbl/d); undefined where nothing is. */
export function flowrateError(flowrate: number): string | undefined {
  const magnitude = Math.abs(flowrate);
  const fits = magnitude === 0 || (magnitude >= MIN_MAGNITUDE && magnitude <= MAX_MAGNITUDE);
  return fits ? undefined : `Must be 0 or of magnitude 1e-30 to 1e15; got ${flowrate}.`;
}

const MAX_TOTALIZER = 1e15;

/** What is wrong with a meter's own cumulative volume (bbl); undefined where nothing is. */
export function totalizerError(totalizer: number): string | undefined {
  // Written so that NaN is an error too.
  return totalizer >= 0 && totalizer <= MAX_TOTALIZER
    ? undefined
    : `Must be from 0 to 1e15; got ${totalizer}.`;
}

/**
 * What is wrong with a ping that is later than its sensor's retirement; undefined where nothing is.
 * Both instants are in milliseconds since 1970.
 */
export function retirementError(
  sensorId: number,
  retiredAt: number | null,
  time: number,
): string | undefined {
  return retiredAt !== null && time > retiredAt
    ? `Must not be after the retirement of flow sensor ${sensorId}, ${new Date(retiredAt).toISOString()}; got ${new Date(time).toISOString()}.`
    : undefined;
}

/**
 * What is wrong with a change of a sensor's pings from an instant on; undefined where nothing is.
 * Both instants are in milliseconds since 1970.
 */
export function thinnedError(
  sensorId: number,
  thinnedUntil: number | null,
  time: number,
): string | undefined {
  return thinnedUntil !== null && time < thinnedUntil
    ? `Must not be before ${new Date(thinnedUntil).toISOString()}, until when the readings of flow sensor ${sensorId} are thinned and no longer change; got ${new Date(time).toISOString()}.`
    : undefined;
}

/** What is wrong with a ping's instant (milliseconds since 1970); undefined where nothing is. */
export function datetimeError(time: number, now: Date): string | undefined {
  return time - now.getTime() > MAX_AHEAD_MS
    ? `Must not be more than 24 hours ahead of the server's clock; got ${new Date(time).toISOString()}.`
    : undefined;
}
