import type { IncomingMessage, RequestListener } from 'node:http';
import type { DeviceMessages } from '../../domain/transfer/devices/device-messages.js';
import { asDomainError, NotFoundError } from '../../domain/shared/errors.js';
import { requireScope, type Principal } from '../../domain/shared/principal.js';
import type { BodyBudget } from '../../http/body-budget.js';
import { readWholeBody } from '../../http/body.js';
import type { RequestAuthenticator } from '../../http/request-authenticator.js';
import { errorResponse, methodNotAllowed, SERVER_ERROR } from '../errors.js';
import { decompressOf, JSON_TYPE, mediaTypeOf } from '../media-type.js';
import { parseJson } from '../parse-json.js';
import { json, send, type RestResponse } from '../response.js';
import { readChirpstackMessage } from './chirpstack.js';
import type { ReadMessage } from './schemas.js';
import { readTtnMessage } from './ttn.js';

export interface IngestDeps {
  readonly deviceMessages: DeviceMessages;
  readonly requestAuthenticator: RequestAuthenticator;
  readonly bodies: BodyBudget;
  readonly stallMs: number;
  /** called with each message that was refused, for the operator */
  readonly onRefused: (source: string, reason: string) => void;
  /** called with each failure of the server */
  readonly onError: (error: unknown, request: IncomingMessage) => void;
}

const READERS: ReadonlyMap<string, ReadMessage> = new Map([
  ['/ingest/ttn', readTtnMessage],
  ['/ingest/chirpstack', readChirpstackMessage],
]);

// An uplink has at most 242 bytes, and metadata of each gateway that received it.
const MAX_BYTES = 2 ** 20;
const MAX_VALUES = 20_000;

/** Whether a request is one for `createIngest`. */
export function isIngest({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/ingest/');
}

/** Webhooks of network servers: every path under `/ingest`, with the conventions of `/api/v1`. */
export function createIngest(deps: IngestDeps): RequestListener {
  const { requestAuthenticator, onRefused, onError } = deps;

  return (request, response) => {
    void respondTo(request).then((result) => {
      send(request, response, result);
    });
  };

  async function respondTo(request: IncomingMessage): Promise<RestResponse> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const path = pathname.replace(/\/$/, '');
    let principal: Principal | undefined;
    try {
      principal = await requestAuthenticator.authenticate(request);
      const read = READERS.get(path);
      if (!read) throw new NotFoundError();
      if (request.method !== 'POST') throw methodNotAllowed(request.method ?? '', 'POST');
      requireScope(principal, 'INGEST');
      return await record(request, principal, (body) =>
        read(body, searchParams.get('event') ?? undefined),
      );
    } catch (error) {
      const known = errorResponse(error);
      if (!known && !(request.destroyed && !request.complete)) onError(error, request);
      if (known && principal && READERS.has(path)) {
        onRefused(`${path} of the account ${principal.accountName}`, reasonOf(error, known));
      }
      if (known?.status !== 401) return known ?? SERVER_ERROR;
      const challenges = requestAuthenticator.challenges(request.headers);
      return { ...known, headers: { 'WWW-Authenticate': challenges } };
    }
  }

  async function record(
    request: IncomingMessage,
    principal: Principal,
    read: (body: unknown) => ReturnType<ReadMessage>,
  ): Promise<RestResponse> {
    mediaTypeOf(request, [JSON_TYPE]);
    const share = deps.bodies.open(principal.accountId);
    const limits = { maxBytes: MAX_BYTES, maxValues: MAX_VALUES, share, stallMs: deps.stallMs };
    try {
      const body = parseJson(await readWholeBody(request, limits, decompressOf(request)));
      const message = read(body);
      const recorded = message && (await deps.deviceMessages.record(principal, message));
      // Whatever has no flowrate is accepted, so that the network does not send it again.
      return recorded ? json(recorded, 201) : json({ recorded: 0, duplicates: 0 });
    } finally {
      share.release();
    }
  }
}

function reasonOf(error: unknown, { body }: RestResponse): string {
  return asDomainError(error) ? body : (error as Error).message;
}
