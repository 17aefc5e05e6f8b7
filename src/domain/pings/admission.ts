interface OfSensor {
  readonly sensorId: number;
}

/** What a request changes, an element for each event that follows from it. */
export interface AdmittedChanges {
  readonly inserted: readonly OfSensor[];
  readonly corrections?: readonly OfSensor[];
  readonly deletions?: readonly OfSensor[];
}

/** Decides whether what follows from changes of pings can be queued. */
export interface PingAdmission {
  /** @param changes the most that the request may change */
  prepare(accountId: number, changes: AdmittedChanges): Promise<Admission>;
  /** How much more can be queued for an account; undefined where nothing is queued for it. */
  room(accountId: number): Promise<number | undefined>;
}

/** The admission of one request. */
export interface Admission {
  /**
   * To be called in the transaction, before it writes, each time that it is tried.
   * @throws RateLimitedError or PayloadTooLargeError where the changes must not be made
   */
  admit(changes: AdmittedChanges): void;
  /** To be called when the transaction has ended. */
  settle(isCommitted: boolean): void;
}
