/** Exact fractions, for figures that are compared without any rounding. */
export interface Rational {
  readonly numerator: bigint;
  /** above zero */
  readonly denominator: bigint;
}

export const ZERO: Rational = { numerator: 0n, denominator: 1n };

export function ratio(numerator: bigint, denominator: bigint): Rational {
  return { numerator, denominator };
}

/** The value of a number's shortest decimal text, which is how JSON writes it. */
export function decimal(value: number): Rational {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = digits.split('.');
  const shift = Number(exponent) - fraction.length;
  const numerator = BigInt(whole + fraction);
  return shift < 0
    ? ratio(numerator, 10n ** BigInt(-shift))
    : ratio(numerator * 10n ** BigInt(shift), 1n);
}

export function plus(a: Rational, b: Rational): Rational {
  if (a.denominator === b.denominator) return ratio(a.numerator + b.numerator, a.denominator);
  return ratio(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
}

export function minus(a: Rational, b: Rational): Rational {
  return plus(a, ratio(-b.numerator, b.denominator));
}

export function magnitude({ numerator, denominator }: Rational): Rational {
  return ratio(numerator < 0n ? -numerator : numerator, denominator);
}

export function isGreater(a: Rational, b: Rational): boolean {
  return a.numerator * b.denominator > b.numerator * a.denominator;
}

/** As a decimal number, rounded towards zero. */
export function toDecimal({ numerator, denominator }: Rational, decimals: number): string {
  const digits =
    ((numerator < 0n ? -numerator : numerator) * 10n ** BigInt(decimals)) / denominator;
  const text = String(digits).padStart(decimals + 1, '0');
  const sign = numerator < 0n ? '-' : '';
  return `${sign}${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}
