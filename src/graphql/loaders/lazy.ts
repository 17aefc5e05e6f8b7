/** A computation that is done when first asked for, and once. */
export interface Lazy<T> {
  (): Promise<T>;
  readonly isAsked: boolean;
}

export function once<T>(compute: () => Promise<T>): Lazy<T> {
  let result: Promise<T> | undefined;
  const ask = () => (result ??= compute());
  return Object.defineProperty(ask, 'isAsked', { get: () => result !== undefined }) as Lazy<T>;
}
