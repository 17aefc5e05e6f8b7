/** Tells when a client has gone. An AbortSignal is one. */
export interface ClientSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The client went away before its statements were answered; no client receives this error. */
export class ClientGoneError extends Error {
  constructor() {
    super('The client has gone.');
  }
}

/** A request that may read very much. */
export interface LargeReader {
  /** whether no other account makes requests */
  readonly isAlone: boolean;
  /** Waits until it is the account's turn to process what was read. */
  turn(): Promise<void>;
}

/** On whose behalf statements read. */
export interface Reader {
  /** shares the connections for reads with other accounts */
  readonly accountId: number;
  /**
   * aborted when the client of the request goes away, whose statements are then cancelled;
   * undefined outside of requests, in commands and in the background, which wait for no share
   */
  readonly client?: ClientSignal;
  /** whether its request changes nothing, so that replicas may answer it */
  readonly onlyReads?: boolean;
  /** set where its request may read very much: few statements of such requests run at once */
  readonly large?: LargeReader | undefined;
}
