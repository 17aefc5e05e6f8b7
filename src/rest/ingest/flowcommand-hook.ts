import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { z } from 'zod';
import { NotFoundError, UnauthenticatedError } from '../../domain/shared/errors.js';
import { QUALITIES } from '../../domain/pings/quality.js';
import type { Recorded } from '../../domain/pings/pings.js';
import type { ReportedPing } from '../../domain/transfer/mirror.js';
import { readWholeBody } from '../../http/body.js';
import { errorResponse, methodNotAllowed, SERVER_ERROR } from '../errors.js';
import { decompressOf, JSON_TYPE, mediaTypeOf } from '../media-type.js';
import { parseJson } from '../parse-json.js';
import { json, send, type RestResponse } from '../response.js';
import { instant, parseAs } from './schemas.js';

/** Records the pings that an upstream's webhook reports. */
export interface HookReceiver {
  readonly secret: string;
  receive(ping: ReportedPing): Promise<Recorded | undefined>;
}

export interface HookDeps {
  /** one for each upstream whose webhook's secret is known */
  readonly receivers: readonly HookReceiver[];
  readonly stallMs: number;
  readonly onRefused: (source: string, reason: string) => void;
  readonly onError: (error: unknown, request: IncomingMessage) => void;
}

const PATH = /^\/hooks\/flowcommand\/?(\?|$)/;
const MAX_BYTES = 65_536;
const UNSHARED = {
  take: () => undefined,
  turn: () => Promise.resolve(),
  release: () => undefined,
};

const EVENT = z.object({
  type: z.string(),
  data: z.object({
    sensor_id: z.number().int(),
    flowrate: z.number(),
    datetime: instant,
    quality: z.enum(QUALITIES).optional(),
  }),
});

/** Whether a request is one for `createFlowcommandHook`. */
export function isFlowcommandHook({ url = '' }: IncomingMessage): boolean {
  return PATH.test(url);
}

/** The documented webhook of the upstreams that this server mirrors: one ping a request. */
export function createFlowcommandHook(deps: HookDeps): RequestListener {
  return (request, response) => {
    void respondTo(request).then((result) => send(request, response, result));
  };

  async function respondTo(request: IncomingMessage): Promise<RestResponse> {
    try {
      return await receive(request);
    } catch (error) {
      const known = errorResponse(error);
      if (known) deps.onRefused('the webhook of the upstream', known.body);
      else if (!request.destroyed || request.complete) deps.onError(error, request);
      return known ?? SERVER_ERROR;
    }
  }

  async function receive(request: IncomingMessage): Promise<RestResponse> {
    const { receivers, stallMs } = deps;
    if (receivers.length === 0) throw new NotFoundError();
    if (request.method !== 'POST') throw methodNotAllowed(request.method ?? '', 'POST');
    const receiver = signedBy(request, receivers);
    mediaTypeOf(request, [JSON_TYPE]);
    const limits = { maxBytes: MAX_BYTES, maxValues: MAX_BYTES, share: UNSHARED, stallMs };
    const body = parseJson(await readWholeBody(request, limits, decompressOf(request)));
    const { type, data } = parseAs(EVENT, body);
    // Corrections are found by polling, and other events change no ping.
    if (type !== 'ping_received') return json({ recorded: 0, duplicates: 0 });
    const { sensor_id: sensorId, flowrate, datetime, quality } = data;
    const recorded = await receiver.receive({ sensorId, flowrate, datetime, quality });
    return recorded ? json(recorded) : json({ recorded: 0, duplicates: 0 }, 202);
  }
}

/**
 * The receiver whose secret the request has as its signature. Compares hashes, and with each of
 * them, in a time that does not depend on the header.
 * @throws UnauthenticatedError
 */
function signedBy(request: IncomingMessage, receivers: readonly HookReceiver[]): HookReceiver {
  const header = request.headers['fc-signature'];
  const hash = (text: string) => createHash('sha256').update(text).digest();
  const given = hash(typeof header === 'string' ? header : '');
  const [receiver] = receivers.filter(({ secret }) => timingSafeEqual(given, hash(secret)));
  if (!receiver) throw new UnauthenticatedError('Invalid FC-Signature.');
  return receiver;
}
