import { z } from 'zod';

/** A server that speaks the documented API, and the account that its sensors are copied to. */
export interface UpstreamConfig {
  readonly url: URL;
  readonly token: string;
  readonly account: string;
  /** what its webhook has as `FC-Signature`; undefined: none is accepted */
  readonly secret: string | undefined;
  readonly pollMs: number;
}

/** The variables that set it, apart from FLOWGATE_UPSTREAM_POLL. */
export const UPSTREAM_VARIABLES = {
  FLOWGATE_UPSTREAM_URL: z
    .string()
    .refine(isUpstream, { error: 'must be a URL such as https://app.example.com' })
    .optional(),
  FLOWGATE_UPSTREAM_TOKEN: z.string().optional(),
  FLOWGATE_UPSTREAM_ACCOUNT: z.string().optional(),
  FLOWGATE_UPSTREAM_SECRET: z.string().optional(),
};

type Variables = z.infer<z.ZodObject<typeof UPSTREAM_VARIABLES>>;

/** @returns undefined where no upstream is set; what is wrong, where it is not set wholly */
export function upstreamConfigOf(
  data: Variables & { readonly FLOWGATE_UPSTREAM_POLL: number },
): UpstreamConfig | string | undefined {
  const { FLOWGATE_UPSTREAM_URL: url, FLOWGATE_UPSTREAM_TOKEN: token } = data;
  const { FLOWGATE_UPSTREAM_ACCOUNT: account, FLOWGATE_UPSTREAM_SECRET: secret } = data;
  if (url === undefined) return undefined;
  if (token === undefined || account === undefined) {
    return 'FLOWGATE_UPSTREAM_URL needs FLOWGATE_UPSTREAM_TOKEN and FLOWGATE_UPSTREAM_ACCOUNT';
  }
  return { url: new URL(url), token, account, secret, pollMs: data.FLOWGATE_UPSTREAM_POLL * 1000 };
}

function isUpstream(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return !!url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
}
