import { createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';

export interface PoolerOptions {
  /** Whether named statements of a client are prepared wherever it gets to, as by PgBouncer 1.21. */
  readonly keepsStatements: boolean;
}

export interface TransactionPooler {
  /** what to connect with instead */
  readonly connection: pg.PoolConfig;
  /** Connects anew to the server, as RECONNECT does. */
  reconnect(): void;
  close(): Promise<void>;
}

/** A session on the server. */
interface Upstream {
  readonly stream: Socket;
  readonly end: () => void;
  /** what was prepared in it */
  readonly statements: Set<string>;
  /** of each Sync under way, whether its client is told of each ParseComplete */
  readonly parses: boolean[][];
  client: Client | undefined;
}

interface Client {
  readonly socket: Socket;
  upstream: Upstream | undefined;
  /** the statements that it has prepared, by its own names: the name in the sessions, and its Parse */
  readonly statements: Map<string, { readonly name: string; readonly rest: Buffer }>;
}

/**
 * Gives each transaction of its clients a session that no other transaction has, as PgBouncer does with
 * pool_mode = transaction. Sessions are opened beforehand, the one used last is used first.
 */
export async function startTransactionPooler(
  target: pg.PoolConfig,
  { keepsStatements }: PoolerOptions,
  size = 12,
): Promise<TransactionPooler> {
  let idle: Upstream[] = [];
  let all: Upstream[] = [];
  const waiting: (() => void)[] = [];
  let statements = 0;

  const open = async (): Promise<Upstream> => {
    const session = new pg.Client(target);
    await session.connect();
    const { stream } = (session as unknown as { connection: { stream: Socket } }).connection;
    for (const event of ['data', 'end', 'close']) stream.removeAllListeners(event);
    const upstream: Upstream = {
      ...{ stream, end: () => stream.destroy(), statements: new Set<string>() },
      ...{ parses: [], client: undefined },
    };
    readMessages(stream, (type, message) => fromServer(upstream, type, message));
    return upstream;
  };
  const fill = async () => {
    all = await Promise.all(Array.from({ length: size }, open));
    idle = [...all];
    waiting.splice(0).forEach((next) => next());
  };

  const fromServer = (upstream: Upstream, type: string, message: Buffer): void => {
    const isReady = type === 'Z';
    const [current] = upstream.parses;
    if (type === '1' && current?.shift() === false) return;
    if (isReady) upstream.parses.shift();
    const { client } = upstream;
    client?.socket.write(message);
    if (isReady && message[5] === 0x49 && upstream.parses.length === 0) {
      if (client) client.upstream = undefined;
      upstream.client = undefined;
      if (all.includes(upstream)) idle.unshift(upstream);
      waiting.shift()?.();
    }
  };

  const take = async (client: Client): Promise<Upstream> => {
    while (idle.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const upstream = idle.shift()!;
    upstream.client = client;
    client.upstream = upstream;
    return upstream;
  };

  const prepare = (upstream: Upstream, name: string, rest: Buffer, isTold: boolean): void => {
    upstream.statements.add(name);
    upstream.parses.at(-1)!.push(isTold);
    upstream.stream.write(message('P', Buffer.concat([text(name), rest])));
  };

  const fromClient = async (client: Client, type: string, whole: Buffer): Promise<void> => {
    if (type === 'X') return void client.socket.end();
    const upstream = client.upstream ?? (await take(client));
    if (upstream.parses.length === 0 || isSynced.has(upstream)) {
      upstream.parses.push([]);
      isSynced.delete(upstream);
    }
    if (type === 'S' || type === 'Q') isSynced.add(upstream);
    const body = whole.subarray(5);
    if (type === 'P') {
      const name = textAt(body, 0);
      const rest = body.subarray(Buffer.byteLength(name) + 1);
      if (!keepsStatements || name === '') upstream.parses.at(-1)!.push(true);
      else {
        const shared = { name: `pooler_${++statements}`, rest: Buffer.from(rest) };
        client.statements.set(name, shared);
        prepare(upstream, shared.name, shared.rest, true);
        return;
      }
    }
    const place = type === 'B' ? Buffer.byteLength(textAt(body, 0)) + 1 : type === 'D' ? 1 : -1;
    const isStatement = type === 'B' || (type === 'D' && body[0] === 0x53);
    const known = isStatement ? client.statements.get(textAt(body, place)) : undefined;
    if (!known) return void upstream.stream.write(whole);
    if (!upstream.statements.has(known.name)) prepare(upstream, known.name, known.rest, false);
    const own = textAt(body, place);
    const rest = body.subarray(place + Buffer.byteLength(own) + 1);
    const renamed = Buffer.concat([body.subarray(0, place), text(known.name), rest]);
    upstream.stream.write(message(type, renamed));
  };
  /** sessions whose last message so far ends what is answered by one ReadyForQuery */
  const isSynced = new WeakSet<Upstream>();

  const server = createServer((socket) => {
    const client: Client = { socket, upstream: undefined, statements: new Map() };
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      // What it has not committed is rolled back with its session.
      if (!client.upstream) return;
      all = all.filter((each) => each !== client.upstream);
      client.upstream.end();
    });
    socket.once('data', () => {
      const ready = [message('R', Buffer.alloc(4)), message('K', Buffer.alloc(8)), READY];
      socket.write(Buffer.concat(ready));
      let last: Promise<unknown> = Promise.resolve();
      readMessages(socket, (type, whole) => {
        last = last.then(() => fromClient(client, type, whole));
      });
    });
  });
  await fill();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endAll = (): void => {
    const old = all;
    all = [];
    idle = [];
    for (const upstream of old) upstream.end();
  };
  return {
    connection: { ...target, host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    reconnect: () => {
      endAll();
      void fill();
    },
    close: async () => {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const READY = message('Z', Buffer.from('I'));

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function textAt(body: Buffer, at: number): string {
  return body.toString('utf8', at, body.indexOf(0, at));
}

function readMessages(socket: Socket, take: (type: string, whole: Buffer) => void): void {
  let buffered = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    buffered = Buffer.concat([buffered, data]);
    while (buffered.length >= 5) {
      const end = 1 + buffered.readInt32BE(1);
      if (buffered.length < end) return;
      take(String.fromCharCode(buffered[0]!), Buffer.from(buffered.subarray(0, end)));
      buffered = buffered.subarray(end);
    }
  });
}
