import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const KEY = 'key-of-the-upstream';

interface UpstreamPing {
  readonly at: number;
  flowrate: number;
}

/** A server of the documented API, which can be away, and can give wrong volumes. */
export class TestUpstream {
  readonly sensors = new Map<number, { name: string; pings: UpstreamPing[] }>();
  readonly requested: string[] = [];
  /** answered in place of what was asked for */
  refusal: { status: number; headers?: Record<string, string> } | undefined;
  volumeError = 0;
  private inFlight = 0;
  mostInFlight = 0;
  private readonly server: Server;

  constructor(private readonly pageSize = 1000) {
    this.server = createServer((request, response) => {
      this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
      response.once('close', () => this.inFlight--);
      const url = new URL(request.url ?? '', 'http://localhost');
      this.requested.push(request.url ?? '');
      const { status, headers } = this.refusal ?? { status: 200 };
      const isKnown = request.headers.authorization === `Token ${KEY}`;
      const body = isKnown ? this.answer(url) : { detail: 'Invalid token.' };
      response.writeHead(isKnown ? status : 401, {
        ...headers,
        'Content-Type': 'application/json',
      });
      response.end(JSON.stringify(this.refusal ? {} : body));
    });
  }

  get key(): string {
    return KEY;
  }

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer({ pathname, searchParams }: URL): object {
    const [, id, what, start, end] =
      /^\/api\/v1\/flow_sensors\/(?:(\d+)\/(\w+)\/(?:([^/]+)\/([^/]+)\/)?)?$/.exec(
        decodeURIComponent(pathname),
      ) ?? [];
    const page = Number(searchParams.get('page') ?? 1);
    if (id === undefined)
      return this.page(
        [...this.sensors.keys()].map((each) => this.sensor(each)),
        page,
      );
    const { name, pings } = this.sensors.get(Number(id))!;
    if (what === 'flow_volume') {
      const [from, to] = [Date.parse(start!), Date.parse(end!)];
      const flow_volume = volume(pings, from, to) + this.volumeError;
      return { sensor_id: Number(id), sensor_name: name, flow_volume, start, end };
    }
    const from = Date.parse(searchParams.get('start') ?? '0001-01-01');
    const to = Date.parse(searchParams.get('end') ?? '9999-01-01');
    const found = pings
      .filter(({ at }) => at >= from && at <= to)
      .sort((a, b) => b.at - a.at)
      .map(({ at, flowrate }) => ({
        ...{ id: at, sensor_id: Number(id), sensor_name: name, flowrate, datetime: iso(at) },
      }));
    return this.page(found, page);
  }

  private sensor(id: number): object {
    const { name, pings } = this.sensors.get(id)!;
    const last = pings.toSorted((a, b) => b.at - a.at)[0];
    return {
      ...{ id, name, latitude: null, longitude: null, pipe_diameter: null },
      last_ping_flowrate: last?.flowrate ?? null,
      last_ping_datetime: last ? iso(last.at) : null,
    };
  }

  private page(all: readonly object[], page: number): object {
    const results = all.slice((page - 1) * this.pageSize, page * this.pageSize);
    const next = page * this.pageSize < all.length ? 'http://192.0.2.1/never' : null;
    return { count: all.length, next, previous: null, results };
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Of pings no more than the range apart, by trapezoids that lie within it. */
function volume(pings: readonly UpstreamPing[], from: number, to: number): number {
  const sorted = pings.toSorted((a, b) => a.at - b.at);
  return sorted.slice(1).reduce((sum, next, index) => {
    const before = sorted[index]!;
    const flow = (at: number) =>
      before.flowrate +
      ((next.flowrate - before.flowrate) * (at - before.at)) / (next.at - before.at);
    const [start, end] = [Math.max(before.at, from), Math.min(next.at, to)];
    return start < end ? sum + ((flow(start) + flow(end)) / 2) * ((end - start) / 86_400_000) : sum;
  }, 0);
}
