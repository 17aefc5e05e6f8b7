/**
 * To 9 decimals and then to 6, halves away from zero, as the database rounds volumes. Only what is
 * close to a half, or large, takes decimal digits to decide.
 */
export function roundVolume(volume: number): number {
  const magnitude = Math.abs(volume);
  const millionths = magnitude * 1e6;
  const whole = Math.floor(millionths);
  const rest = millionths - whole;
  if (whole < MAX_PLAIN && Math.abs(rest - 0.5) > CLOSE_TO_HALF) {
    return (Math.sign(volume) * (rest < 0.5 ? whole : whole + 1)) / 1e6;
  }
  return Math.sign(volume) * roundDigits(magnitude);
}

/** in millionths: twice as far as rounding to 9 decimals moves a number, and a multiplication errs */
const CLOSE_TO_HALF = 0.001;
const MAX_PLAIN = 1e12;

/** Of the shortest decimal that reads back as the same double: of what is not negative. */
function roundDigits(value: number): number {
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', decimals = ''] = digits.split('.');
  const scale = Number(exponent) - decimals.length;
  const nine = shiftHalfUp(BigInt(whole + decimals), scale + 9);
  return Number(`${shiftHalfUp(nine, -3)}e-6`);
}

/** `value` times 10 to the power of `by`, halves up. */
function shiftHalfUp(value: bigint, by: number): bigint {
  if (by >= 0) return value * 10n ** BigInt(by);
  const divisor = 10n ** BigInt(-by);
  return (value + divisor / 2n) / divisor;
}
