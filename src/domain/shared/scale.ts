/** A positive fraction of integers, in lowest terms. */
export interface Factor {
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** bits by which a product is shifted, so that its quotient has more of them than a double */
  readonly shift: number;
}

const FRACTION_BITS = 52;
const EXPONENT_BIAS = 1075;
/** beyond those of a double, so that the last bit of a quotient can mark a remainder */
const GUARD_BITS = 12;

export function factor(numerator: bigint, denominator = 1n): Factor {
  const divisor = commonDivisor(numerator, denominator);
  const [top, bottom] = [numerator / divisor, denominator / divisor];
  const shift = Math.max(lengthOf(bottom) - lengthOf(top) + GUARD_BITS, 0);
  return { numerator: top, denominator: bottom, shift };
}

export function inverse({ numerator, denominator }: Factor): Factor {
  return factor(denominator, numerator);
}

export function product(a: Factor, b: Factor): Factor {
  return factor(a.numerator * b.numerator, a.denominator * b.denominator);
}

const view = new DataView(new ArrayBuffer(8));

/** The double nearest to `value` times the factor (ties to even): a single rounding. */
export function scaled(value: number, { numerator, denominator, shift }: Factor): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> BigInt(FRACTION_BITS));
  const fraction = BigInt.asUintN(FRACTION_BITS, bits);
  // The value is `significand` times two to the power of `power`.
  const isSubnormal = exponent === 0;
  const significand = isSubnormal ? fraction : fraction | (1n << BigInt(FRACTION_BITS));
  const power = Math.max(exponent, 1) - EXPONENT_BIAS;
  const up = isSubnormal ? shift + FRACTION_BITS : shift;
  const dividend = (significand * numerator) << BigInt(up);
  const quotient = dividend / denominator;
  const isExact = quotient * denominator === dividend;
  // Conversion of an integer to a double rounds to the nearest; a remainder breaks a tie.
  const magnitude = Number(isExact ? quotient : quotient | 1n) * 2 ** (power - up);
  return value < 0 ? -magnitude : magnitude;
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b);
}

function lengthOf(integer: bigint): number {
  return integer.toString(2).length;
}
