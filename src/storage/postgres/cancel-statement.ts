import net from 'node:net';
import type pg from 'pg';

const CANCEL_REQUEST_CODE = 80877102;
const TIMEOUT_MS = 5000;

/**
 * Asks PostgreSQL to cancel what runs on a connection, in the protocol's own way, which poolers
 * pass on. Resolves when the server has taken the request, so that it cannot meet a later
 * statement; failures are ignored.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export function cancelStatement(client: pg.PoolClient): Promise<void> {
  const { host, port, processID, secretKey } = client as unknown as pg.Client & {
    processID: number;
    secretKey: number;
  };
  const request = Buffer.alloc(16);
  request.writeInt32BE(request.length, 0);
  request.writeInt32BE(CANCEL_REQUEST_CODE, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  return new Promise((resolve) => {
    const socket = net.connect(
      host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port },
    );
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    // The server answers by closing.
    socket.resume().write(request);
  });
}
