import { clientAddress } from '../../http/client-address.js';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionResult, type FormattedExecutionResult, GraphQLError } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { setTimeout as sleep } from 'node:timers/promises';
import { asDomainError, UnauthenticatedError } from '../../domain/shared/errors.js';
import { requireScope, type Principal } from '../../domain/shared/principal.js';
import type { BodyBudget } from '../../http/body-budget.js';
import type { RequestAuthenticator } from '../../http/request-authenticator.js';
import type { ReportError } from '../execution/errors.js';
import { asGraphQLError } from '../execution/graphql-error.js';
import type { Operations } from '../execution/operations.js';
import { boundMessages } from './message-bounds.js';

// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md; 1013 is "try again later" of RFC 6455's registry
const CLOSE = { UNAUTHENTICATED: 4401, FORBIDDEN: 4403, RATE_LIMITED: 4429, UNAVAILABLE: 1013 };
const INTERNAL_ERROR = 1011;
/** of one socket at a time; a client that needs more opens another socket */
const MAX_OPERATIONS = 100;
const SUBPROTOCOL_NOT_ACCEPTABLE = 4406;
const MAX_MESSAGE_BYTES = 2 ** 20;
const CLOSE_TIMEOUT_MS = 1000;
const DROP_TIMEOUT_MS = 1000;

export interface WebSocketsDeps {
  readonly operations: Operations;
  readonly requestAuthenticator: RequestAuthenticator;
  readonly bodies: BodyBudget;
  readonly report: ReportError;
}

// A type, not an interface: graphql-ws wants an index signature.
type Credentials = {
  principal: Principal;
  endWatch: () => void;
  /** aborted when the socket has closed */
  closing: AbortController;
};

interface Connection extends Partial<Credentials> {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/** Operations over WebSocket, with the protocol graphql-transport-ws. */
export class WebSockets {
  private readonly sockets: WebSocketServer;
  private readonly protocol: ReturnType<typeof useServer>;

  /** of the sockets that are authenticated */
  private readonly accounts = new WeakMap<WebSocket, number>();

  constructor(private readonly deps: WebSocketsDeps) {
    const { operations } = deps;
    this.sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      // Many messages that arrive at once do not keep the event loop from others.
      allowSynchronousEvents: false,
    });
    this.protocol = useServer<Record<string, unknown>, Credentials>(
      {
        onConnect: ({ connectionParams, extra }) => this.authenticate(extra, connectionParams),
        onSubscribe: ({ extra, subscriptions }, _id, payload) => {
          if (Object.keys(subscriptions).length > MAX_OPERATIONS) return [tooManyOperations()];
          const { request, socket, closing = new AbortController() } = extra;
          const stream = { onDrop: () => drop(socket), signal: closing.signal };
          const address = clientAddress(request);
          return operations.prepareNext(extra.principal as Principal, payload, stream, address);
        },
        onNext: (_context, _id, _payload, _args, result) => {
          if (!result.errors) return undefined;
          const { data = null, errors } = operations.formatResult(result as ExecutionResult);
          return { data, errors } as FormattedExecutionResult;
        },
        onError: (_context, _id, _payload, errors) =>
          errors.map((error) => operations.formatError(error)),
        execute: (args) => operations.execute(args),
        subscribe: (args) =>
          operations
            .subscribe(args)
            .catch((error: unknown) => ({ errors: [asGraphQLError(error)] })),
        onClose: ({ extra }) => {
          extra.endWatch?.();
          extra.closing?.abort();
        },
        isProd: true,
      },
      this.sockets,
    );
    // Another subprotocol, such as the legacy graphql-ws, is accepted, so that the close frame can say
    // what to use: a client whose subprotocols are all refused does not see why.
    this.sockets.options.handleProtocols = (protocols) =>
      protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL)
        ? GRAPHQL_TRANSPORT_WS_PROTOCOL
        : [...protocols][0]!;
  }

  /** Accepts the server's upgrades at a path, and refuses those at others. */
  attach(server: Server, path: string, prepare?: (request: IncomingMessage) => void): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      prepare?.(request);
      const [requested] = (request.url ?? '').split('?', 1);
      if (requested !== path) {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
        boundMessages(webSocket, socket, {
          bodies: this.deps.bodies,
          accountOf: (each) => this.accounts.get(each),
          close: (code, reason) => {
            webSocket.close(code, reason);
            setTimeout(() => webSocket.terminate(), CLOSE_TIMEOUT_MS).unref();
          },
        });
        if (webSocket.protocol === GRAPHQL_TRANSPORT_WS_PROTOCOL) {
          this.sockets.emit('connection', webSocket, request);
        } else {
          const reason = `Use the subprotocol ${GRAPHQL_TRANSPORT_WS_PROTOCOL}.`;
          webSocket.close(SUBPROTOCOL_NOT_ACCEPTABLE, reason);
        }
      });
    });
  }

  /** Closes every socket with 1001, and terminates those that do not answer. */
  async close(): Promise<void> {
    const closed = Promise.resolve(this.protocol.dispose());
    await Promise.race([closed, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    for (const socket of this.sockets.clients) socket.terminate();
    await closed;
  }

  /** A browser's client cannot set headers: it sends them as the payload of its first message. */
  private async authenticate(
    connection: Connection,
    payload: Record<string, unknown> | undefined,
  ): Promise<boolean> {
    const { requestAuthenticator, operations, report } = this.deps;
    const { request, socket } = connection;
    try {
      const principal = await requestAuthenticator.authenticate(request, authorizationOf(payload));
      requireScope(principal, 'READ');
      connection.principal = principal;
      this.accounts.set(socket, principal.accountId);
      connection.closing = new AbortController();
      connection.endWatch = operations.deps.authenticator.watch(principal, () =>
        socket.close(CLOSE.UNAUTHENTICATED, 'Your access has ended.'),
      );
      // It may have closed in the meantime, and then nothing else would end the watch.
      if (socket.readyState !== socket.OPEN) connection.endWatch();
      return true;
    } catch (error) {
      const refusal = asDomainError(error);
      if (!refusal) report(error);
      const code = (refusal && (CLOSE as Record<string, number>)[refusal.code]) ?? INTERNAL_ERROR;
      socket.close(code, refusal?.message ?? 'Internal server error');
      return false;
    }
  }
}

function authorizationOf(payload: Record<string, unknown> | undefined): string | undefined {
  const [, value] =
    Object.entries(payload ?? {}).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  if (value !== undefined && typeof value !== 'string') {
    throw new UnauthenticatedError('Authorization must be a string.');
  }
  return value;
}

function tooManyOperations(): GraphQLError {
  const message = `At most ${MAX_OPERATIONS} operations may be open on one WebSocket; open another.`;
  const extensions = { code: 'RATE_LIMITED' };
  return new GraphQLError(message, { extensions });
}

/** Terminates a socket whose client takes nothing, after a moment in which it can read why. */
function drop(socket: WebSocket): void {
  setTimeout(() => {
    if (socket.bufferedAmount > 0) socket.terminate();
  }, DROP_TIMEOUT_MS).unref();
}
