/** A server that speaks the documented API, and the account that its sensors are copied to. */
export interface UpstreamConfig {
  readonly url: URL;
  readonly token: string;
  readonly account: string;
  /** what its webhook has as `FC-Signature`; undefined: none is accepted */
  readonly secret: string | undefined;
  readonly pollMs: number;
}
