import net from 'node:net';
import type pg from 'pg';

export interface SeverableConnection {
  /** what to connect with instead */
  readonly connection: pg.PoolConfig;
  /** From now on the server is away. */
  sever(): void;
  restore(): void;
  close(): Promise<void>;
}

/** A way to a PostgreSQL server that can be cut, as when the server or the network fails. */
export async function severable(target: pg.PoolConfig): Promise<SeverableConnection> {
  const open = new Set<net.Socket>();
  let severed = false;
  const server = net.createServer((client) => {
    if (severed) return void client.destroy();
    const upstream = net.connect(addressOf(target));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    severed = true;
    for (const socket of open) socket.destroy();
  };
  return {
    connection: { ...target, host: '127.0.0.1', port: (server.address() as net.AddressInfo).port },
    sever: cut,
    restore: () => {
      severed = false;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function addressOf({ host = '', port }: pg.PoolConfig): net.NetConnectOpts {
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port: port! };
}
