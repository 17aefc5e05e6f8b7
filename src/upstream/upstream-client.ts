import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { formatInstant, parseInstant } from '../domain/shared/time.js';
import type { Upstream, UpstreamPing, UpstreamSensor } from '../domain/transfer/upstream.js';
import { upstreamAddress } from './upstream-config.js';

/** Why an upstream cannot be read, in one line, without its token. */
export class UpstreamError extends Error {
  constructor(
    message: string,
    /** how long the upstream asks to wait */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const instantSchema = z.string().transform((text, context) => {
  const parsed = parseInstant(text);
  if (parsed) return parsed;
  context.addIssue('must be a datetime');
  return z.NEVER;
});

const SENSOR = z
  .object({
    id: z.number().int(),
    name: z.string(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    pipe_diameter: z.number().nullable(),
    activated_at: instantSchema.nullish(),
    last_ping_datetime: instantSchema.nullable(),
  })
  .transform(({ pipe_diameter, activated_at, last_ping_datetime, ...sensor }): UpstreamSensor => ({
    ...sensor,
    pipeDiameter: pipe_diameter,
    activatedAt: activated_at,
    lastPingAt: last_ping_datetime,
  }));

const PING = z.object({ datetime: instantSchema, flowrate: z.number() });

const VOLUME = z.object({ flow_volume: z.number() });

const PAGE = { count: z.number().int(), next: z.string().nullable() };
const SENSOR_PAGE = z.object({ ...PAGE, results: z.array(SENSOR) });
const PING_PAGE = z.object({ ...PAGE, results: z.array(PING) });

const TIMEOUT_MS = 60_000;
const MAX_ATTEMPTS = 6;
const MAX_WAIT_S = 60;
const RETRYABLE_STATUSES = new Set([429, 502, 503, 504]);

export interface UpstreamOptions {
  /** how often a request is sent before it fails; 6 unless given */
  readonly maxAttempts?: number;
  /** ends every request and every wait */
  readonly signal?: AbortSignal;
}

/**
 * Reads another server over the documented REST API with a token, waiting as its Retry-After asks.
 */
export class UpstreamClient implements Upstream {
  readonly address: string;

  constructor(
    from: URL,
    private readonly token: string,
    private readonly options: UpstreamOptions = {},
  ) {
    this.address = upstreamAddress(from);
  }

  sensors(): AsyncIterable<readonly UpstreamSensor[]> {
    return this.pages('flow_sensors/', {}, SENSOR_PAGE);
  }

  pings(sensorId: number, start: Date, end: Date): AsyncIterable<readonly UpstreamPing[]> {
    const range = { start: formatInstant(start), end: formatInstant(end) };
    return this.pages(`flow_sensors/${sensorId}/pings/`, range, PING_PAGE);
  }

  async firstPingAt(sensorId: number): Promise<Date | undefined> {
    const path = `flow_sensors/${sensorId}/pings/`;
    const first = await this.get(path, {}, PING_PAGE);
    // Pings are newest first: the first one is the last of the last page.
    const { results } = first.next
      ? await this.get(
          path,
          { page: String(Math.ceil(first.count / first.results.length)) },
          PING_PAGE,
        )
      : first;
    return results.at(-1)?.datetime;
  }

  /** Barrels in [start, end), as the upstream computes them. */
  async volume(sensorId: number, start: Date, end: Date): Promise<number> {
    const range = `${formatInstant(start)}/${formatInstant(end)}/`;
    const path = `flow_sensors/${sensorId}/flow_volume/${range}`;
    return (await this.get(path, {}, VOLUME)).flow_volume;
  }

  private async *pages<T>(
    path: string,
    query: Record<string, string>,
    schema: z.ZodType<{ next: string | null; results: T[] }>,
  ): AsyncGenerator<T[]> {
    // By number, not by `next`, which may name a host that cannot be reached or must not get the
    // token.
    for (let page = 1; ; page++) {
      const { next, results } = await this.get(path, { ...query, page: String(page) }, schema);
      yield results;
      if (next === null) return;
    }
  }

  private async get<T>(
    path: string,
    query: Record<string, string>,
    schema: z.ZodType<T>,
  ): Promise<T> {
    const url = `${this.address}/api/v1/${path}?${new URLSearchParams(query).toString()}`;
    const { success, data, error } = schema.safeParse(await this.json(url));
    if (success) return data;
    const [issue] = error.issues;
    throw new UpstreamError(
      `The response of ${url} is not as documented: ${issue?.path.join('.')}: ${issue?.message}.`,
    );
  }

  private async json(url: string): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.request(url);
      if (response.ok) return readJson(url, response);
      await response.body?.cancel();
      const requested = Number(response.headers.get('Retry-After') ?? NaN);
      const { maxAttempts = MAX_ATTEMPTS, signal } = this.options;
      if (attempt >= maxAttempts || !RETRYABLE_STATUSES.has(response.status)) {
        throw new UpstreamError(
          `${url} responded with ${response.status} ${response.statusText}.`,
          Number.isFinite(requested) ? 1000 * requested : undefined,
        );
      }
      const seconds = Number.isFinite(requested) ? requested : 2 ** attempt;
      await sleep(1000 * Math.min(seconds, MAX_WAIT_S), undefined, signal && { signal });
    }
  }

  private signal(): AbortSignal {
    const { signal } = this.options;
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    return signal ? AbortSignal.any([signal, timeout]) : timeout;
  }

  private async request(url: string): Promise<Response> {
    try {
      return await fetch(url, {
        headers: { Authorization: `Token ${this.token}`, Accept: 'application/json' },
        // A redirect may lead to another host, which must not get the token.
        redirect: 'manual',
        signal: this.signal(),
      });
    } catch (error) {
      const { cause, message } = error as Error;
      const reason = cause instanceof Error && cause.message ? cause.message : message;
      throw new UpstreamError(`${url} cannot be read: ${reason}.`, undefined, { cause: error });
    }
  }
}

async function readJson(url: string, response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    throw new UpstreamError(`The response of ${url} is not JSON.`, undefined, { cause: error });
  }
}
