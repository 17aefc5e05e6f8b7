import { Pool } from 'undici';

const BODY = JSON.stringify({
  type: 'ping_received',
  api_version: '1',
  data: {
    id: 123456,
    sensor_id: 1,
    sensor_name: 'Sensor 1',
    flowrate: 759.9,
    datetime: '2019-02-05T20:15:08Z',
  },
});

/** Sends a webhook's body and nothing else, which marks what is possible. */
export class BarePoster {
  private readonly pool: Pool;

  constructor(url: string, connections: number) {
    this.pool = new Pool(new URL(url).origin, { connections });
  }

  async post(): Promise<void> {
    const { body } = await this.pool.request({
      path: '/',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: BODY,
    });
    await body.dump();
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
