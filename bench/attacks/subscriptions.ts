import { WebSocket } from 'ws';
import type { Attacker } from './attack.js';

const STREAMS = 300;
const PINGS = 5000;
const SUBSCRIPTIONS = 20_000;
const QUERY = 'subscription { pingReceived { id datetime flowrate sensor { id name } } }';

/** Many streams of the same, each read, and a backlog that is uploaded at the same time. */
export function streamsAndPings(attacker: Attacker): void {
  const headers = { accept: 'text/event-stream' };
  const body = JSON.stringify({ query: QUERY });
  attacker.repeat(STREAMS, () => attacker.send({ path: '/graphql', body, headers }));
  attacker.repeat(1, () => attacker.record(PINGS));
}

/** All that one WebSocket takes; again when it was closed. */
export function manySubscriptions(attacker: Attacker): void {
  const { url, token } = attacker.target;
  const open = () => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers: { authorization: `Token ${token}` },
    });
    socket.on('error', () => undefined);
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
    socket.once('message', () => {
      for (let id = 0; id < SUBSCRIPTIONS; id++) {
        // Each selects something else, so that none can share another's execution.
        const payload = { query: QUERY.replace('{', `{ a${id}:`) };
        socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload }));
      }
      socket.on('message', (data) => {
        const { type } = JSON.parse((data as Buffer).toString()) as { type: string };
        if (type !== 'pong') attacker.count(type);
      });
    });
    socket.once('close', (code) => {
      attacker.count(`closed ${code}`);
      setTimeout(open, 1000);
    });
  };
  open();
}
