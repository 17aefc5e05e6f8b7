/** A message, or a reading in one, that was not recorded. */
export interface RefusedMessage {
  readonly at: Date;
  readonly topic: string;
  readonly reason: string;
}

/** The connection to a broker, and what came of its messages since an instance began to read them. */
export interface BrokerState {
  /** the address of the broker */
  readonly url: string;
  readonly isConnected: boolean;
  /** why there is no connection, what the broker refused, or why nothing is recorded; undefined where all is well */
  readonly error: string | undefined;
  readonly lastMessageAt: Date | undefined;
  readonly recorded: number;
  readonly refused: number;
  /** the last of them, newest first */
  readonly lastRefused: readonly RefusedMessage[];
}
