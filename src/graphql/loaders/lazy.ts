/** A computation that is done when first asked for, and once. */
export interface Once<T> {
  (): Promise<T>;
  readonly isAsked: boolean;
}

export function once<T>(compute: () => Promise<T>): Once<T> {
  let result: Promise<T> | undefined;
  const ask = () => (result ??= compute());
  return Object.defineProperty(ask, 'isAsked', { get: () => result !== undefined }) as Once<T>;
}
