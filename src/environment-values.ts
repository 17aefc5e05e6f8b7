import ipaddr from 'ipaddr.js';
import { z } from 'zod';

// What a variable of the environment may be, and the error that says so.

export function whole(minimum: number, maximum: number) {
  const error = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d+$/, { error, abort: true })
    .transform(Number)
    .pipe(z.number().min(minimum, { error }).max(maximum, { error }));
}

/** `12h`, or `7d` for seven days. */
export function hours(minimum: number, maximum: number) {
  const error = `must be hours or days from ${minimum}h to ${maximum}h, such as 12h or 7d`;
  return z
    .string()
    .regex(/^\d{1,6}[hd]$/, { error, abort: true })
    .transform((text) => parseInt(text, 10) * (text.endsWith('d') ? 24 : 1))
    .pipe(z.number().min(minimum, { error }).max(maximum, { error }));
}

/** An IPv6 address may be in brackets, as it is in a URL. */
export function host() {
  return z.string().transform((text) => text.replace(/^\[(.+)\]$/, '$1'));
}

export function yesOrNo() {
  return z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((text) => text === 'true');
}

/** Separated by commas. */
export function texts() {
  return z.string().transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  );
}

export function list(isValid: (item: string) => boolean, what: string) {
  return texts().refine((items) => items.every(isValid), {
    error: `must be ${what}, separated by commas`,
  });
}

export function isNetwork(text: string): boolean {
  const { IPv4, IPv6 } = ipaddr;
  // The short forms of IPv4 are refused: 127 would be 0.0.0.127.
  return (
    IPv4.isValidFourPartDecimal(text) ||
    IPv4.isValidCIDRFourPartDecimal(text) ||
    IPv6.isValid(text) ||
    IPv6.isValidCIDR(text)
  );
}

export function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
}
