import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import {
  call,
  createServerWorld,
  token,
  type Reply,
  type TestServer,
  type World,
} from './server.js';

type Body = string | Buffer | object;
type Headers = Record<string, string>;

export const NDJSON = { 'Content-Type': 'application/x-ndjson' };

const AT = Date.parse('2019-02-05T20:00:00Z');

/** Sensors to record pings of: new ones for each test of a file. */
export class Recordings {
  world!: World;
  sensor!: number;
  other!: number;
  theirs!: number;

  constructor() {
    beforeAll(async () => {
      this.world = await createServerWorld();
      const { sensors } = this.world.server.services;
      this.theirs = (await sensors.create(this.world.theirs.principal, { name: 'Theirs' })).id;
    });
    beforeEach(async () => {
      const { sensors } = this.world.server.services;
      this.sensor = (await sensors.create(this.world.ours.principal, { name: 'One' })).id;
      this.other = (await sensors.create(this.world.ours.principal, { name: 'Other' })).id;
    });
    afterAll(() => this.world.close());
  }

  get path(): string {
    return `flow_sensors/${this.sensor}/pings/`;
  }

  /** One of the instants, a second apart; bbl/d. */
  readonly ping = (index: number, flowrate = index, sensorId = this.sensor) => ({
    sensor_id: sensorId,
    flowrate,
    datetime: new Date(AT + index * 1000).toISOString(),
  });

  readonly post = (path: string, body: Body, headers: Headers = {}): Promise<Reply> =>
    this.postTo(this.world.server, path, body, headers);

  readonly get = (path: string): Promise<Reply> =>
    call(this.world.server.url, `/api/v1/${path}`, { headers: token(this.world.ours.admin) });

  readonly postTo = (
    { url }: TestServer,
    path: string,
    body: Body,
    headers: Headers = {},
  ): Promise<Reply> => {
    const isText = typeof body === 'string' || Buffer.isBuffer(body);
    return call(url, `/api/v1/${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...token(this.world.ours.admin),
        ...headers,
      },
      body: isText ? body : JSON.stringify(body),
    });
  };

  /** What is stored of a sensor: instants and flowrates. */
  readonly stored = async (id = this.sensor): Promise<unknown[][]> => {
    const { rows } = await this.world.test.database.pool.query<{
      datetime: Date;
      flowrate: number;
    }>('SELECT datetime, flowrate FROM ping WHERE sensor_id = $1 ORDER BY datetime', [id]);
    return rows.map(({ datetime, flowrate }) => [datetime.toISOString(), flowrate]);
  };
}
