import type { Rational } from '../../src/domain/shared/rational.js';

export { magnitude, minus, plus, ZERO, type Rational } from '../../src/domain/shared/rational.js';

export function whole(value: bigint | number): Rational {
  return { numerator: BigInt(value), denominator: 1n };
}

/** The exact value of a double. */
export function exactly(double: number): Rational {
  let denominator = 1n;
  let scaled = double;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(scaled), denominator };
}

export function times(a: Rational, b: Rational): Rational {
  return {
    numerator: a.numerator * b.numerator,
    denominator: a.denominator * b.denominator,
  };
}

export function over(a: Rational, b: Rational): Rational {
  const sign = b.numerator < 0n ? -1n : 1n;
  return {
    numerator: a.numerator * b.denominator * sign,
    denominator: a.denominator * b.numerator * sign,
  };
}

export function sign({ numerator }: Rational): number {
  return numerator > 0n ? 1 : numerator < 0n ? -1 : 0;
}

/** The nearest double, to within a few units of its last place. */
export function toDouble({ numerator, denominator }: Rational): number {
  if (numerator === 0n) return 0;
  const negative = numerator < 0n;
  const top = negative ? -numerator : numerator;
  // Shifted to a quotient of at least 64 bits, of which a double keeps 53.
  const shift = 64n + BigInt(denominator.toString(2).length) - BigInt(top.toString(2).length);
  const quotient = shift >= 0n ? (top << shift) / denominator : top / (denominator << -shift);
  const value = Number(quotient) * 2 ** Number(-shift);
  return negative ? -value : value;
}
