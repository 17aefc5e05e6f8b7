/** A computation that runs when it is first called, and only once. */
export interface Lazy<T> {
  (): Promise<T>;
  readonly isStarted: boolean;
}

export function lazy<T>(compute: () => Promise<T>): Lazy<T> {
  let result: Promise<T> | undefined;
  const call = () => (result ??= compute());
  return Object.defineProperty(call, 'isStarted', {
    get: () => result !== undefined,
  }) as Lazy<T>;
}
