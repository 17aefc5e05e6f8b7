import { END } from '../data.js';
import type { Attack, Attacker } from './attack.js';
import { holdBodies, longBodies } from './bodies.js';
import { manySubscriptions, streamsAndPings } from './subscriptions.js';

const ENDPOINTS = 100;
const DAY = 86_400_000;
const iso = (time: number) => JSON.stringify(new Date(time).toISOString());
const WEEK = `start: ${iso(END - 7 * DAY)}, end: ${iso(END)}`;
const ALWAYS = `start: "2015-01-01T00:00:00Z", end: ${iso(END)}`;
const HOURS = `start: ${iso(END - 9990 * 3_600_000)}, end: ${iso(END)}, interval: HOUR`;

/** Selects the same many times, each under a name of its own. */
const aliased = (count: number, field: string) =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');

/** Each by the title of its row. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  '16 CSV downloads that are not read': slowDownloads,
  '16 searches of 600 kB': (attacker) => {
    const query = 'query($s: String) { flowSensors(filter: { search: $s }) { totalCount } }';
    const search = 'x'.repeat(600_000);
    attacker.repeat(16, () => attacker.query(query, { search, s: search }));
  },
  '16 × 190 totals over 1003 sensors': (attacker) => {
    const totals = aliased(190, `flowVolume(${WEEK}) { volume }`);
    attacker.repeat(16, () => attacker.query(`{ flowSensors(first: 0) { ${totals} } }`));
  },
  '16 × 4 totals, given up after 0.5 s': (attacker) => {
    const totals = Array.from(
      { length: 4 },
      (_, index) =>
        `a${index}: flowVolume(start: "2016-0${index + 1}-01T00:00:00Z", end: ${iso(END)}) { volume }`,
    );
    const body = JSON.stringify({ query: `{ flowSensors(first: 0) { ${totals.join(' ')} } }` });
    attacker.repeat(16, () => attacker.send({ path: '/graphql', body }, AbortSignal.timeout(500)));
  },
  '16 × 180 series of 400 000 pings': (attacker) => {
    const series = aliased(180, `series(${ALWAYS}, maxPoints: 20) { average }`);
    attacker.repeat(16, () => ofSensor(attacker, series));
  },
  '16 × 4 series of 400 000 pings': (attacker) => {
    const series = aliased(4, `series(${ALWAYS}, maxPoints: 20) { average }`);
    attacker.repeat(16, () => ofSensor(attacker, series));
  },
  '300 event streams, 5000 pings a request': streamsAndPings,
  '20 000 subscriptions on one WebSocket': manySubscriptions,
  '3 000 000 ids in variables': longBodies,
  '40 × hours of 9990 hours': (attacker) => {
    const hours = aliased(5, `flowVolumes(${HOURS}) { start end volume coverage }`);
    attacker.repeat(40, () => ofSensor(attacker, hours));
  },
  '40 × 180 introspections': (attacker) => {
    const types = aliased(180, '__schema { types { name fields { name description } } }');
    attacker.repeat(40, () => attacker.query(`{ ${types} }`));
  },
  '40 pages of 1000 pings': (attacker) => {
    const pages = aliased(18, `pings(first: 1000) { nodes { id datetime flowrate } }`);
    attacker.repeat(40, () => ofSensor(attacker, pages));
  },
  '40 × operations that are refused': (attacker) => {
    // Each is another, so that none is known to be refused, and as long as a document may be.
    let number = 0;
    attacker.repeat(40, () =>
      attacker.query(`{ ${aliased(9000, `x${number++}`)} }`.slice(0, 99_000)),
    );
  },
  '600 wrong passwords at once': (attacker) => {
    const { username, password } = attacker.target;
    const basic = (text: string) =>
      `Basic ${Buffer.from(`${username}:${text}`).toString('base64')}`;
    const path = '/api/v1/flow_sensors/';
    const signIn = (text: string) =>
      attacker.send({ path, headers: { authorization: basic(text) } });
    // The network is then known as the user's.
    return signIn(password).then(() => {
      let number = 0;
      attacker.repeat(600, () => signIn(`wrong ${number++}`));
    });
  },
  '40 bodies of 31 MB that do not end': holdBodies,
  '100 webhooks × 5000 pings': fanOut,
};

function ofSensor(attacker: Attacker, selection: string): Promise<string> {
  return attacker.query(`{ flowSensor(id: ${attacker.target.sensor}) { ${selection} } }`);
}

function slowDownloads(attacker: Attacker): void {
  const { sensor, token } = attacker.target;
  const path = `/app/sensors/${sensor}/pings.csv`;
  const open = () => {
    const socket = attacker.connect(() =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token ${token}\r\n\r\n`,
      ),
    );
    socket.once('data', (head) => {
      attacker.count(String(head).slice(9, 12));
      socket.pause();
    });
    socket.once('close', () => setTimeout(open, 100));
  };
  for (let client = 0; client < 16; client++) open();
}

/** Endpoints at one receiver, and requests each of whose pings goes to all of them. */
async function fanOut(attacker: Attacker) {
  const numbers = Array.from({ length: ENDPOINTS }, (_, number) => number);
  const ids: string[] = [];
  for (const number of numbers) {
    const input = `{ url: "${attacker.target.receiver}${number}" }`;
    const created = await attacker.query(
      `mutation { createWebhookEndpoint(input: ${input}) { id } }`,
    );
    ids.push(/"id":"(\w+)"/.exec(created)![1]!);
  }
  attacker.repeat(1, () => attacker.record(5000));
  return async () => {
    // While readings are recorded, each deletion takes half a second.
    await attacker.end();
    for (const id of ids) await attacker.query(`mutation { deleteWebhookEndpoint(id: "${id}") }`);
  };
}
