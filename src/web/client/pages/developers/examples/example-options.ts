/** What an example is made of, so that it runs as it is. */
export interface ExampleOptions {
  /** this server's, without a slash at the end */
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
