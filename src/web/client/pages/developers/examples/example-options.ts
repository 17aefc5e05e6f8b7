/** The values that an example is filled with, so that it runs unchanged. */
export interface ExampleOptions {
  /** of this server, without a trailing slash */
  readonly origin: string;
  readonly sensorId: string;
  /** a whole day, ISO 8601 */
  readonly start: string;
  readonly end: string;
  readonly now: string;
}

export interface Examples {
  readonly read: string;
  readonly record: string;
  readonly verify: string;
}
