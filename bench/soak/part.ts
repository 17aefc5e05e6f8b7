import { type LoadGenerator, median, quantile, type BenchRequest } from '../load.js';
import { figure } from '../report.js';
import type { Sample } from './sample.js';

const COLUMNS = ['flow_volume', 'other REST reads', 'GraphQL', 'POST of a ping'] as const;
type Column = (typeof COLUMNS)[number];

export const HEADER = [
  'part',
  'requests',
  'errors',
  ...COLUMNS.map((column) => `${column}, p50 / p99 ms`),
  'CPU',
  'min MB',
  'median MB',
  'max MB',
  'heap MB',
  'connections',
];

/** The measurements of one part of the soak. */
export class Part {
  private samples: readonly Sample[] = [];
  private heapMegabytes = NaN;
  private requests = 0;
  private errors = 0;
  private readonly latencies = new Map(COLUMNS.map((column) => [column, [] as number[]]));

  /** @throws where the response is not a success or not the expected one */
  async send(load: LoadGenerator, request: BenchRequest, expected?: string): Promise<void> {
    const began = performance.now();
    this.requests++;
    try {
      const answer = await load.text(request);
      if (expected !== undefined && answer !== expected) {
        throw new Error(`${request.path} was answered with ${answer}, not ${expected}.`);
      }
    } catch (error) {
      this.errors++;
      process.stderr.write(`${String(error)}\n`);
      throw error;
    }
    this.latencies.get(columnOf(request)!)?.push(performance.now() - began);
  }

  /** @param heapMegabytes after a garbage collection */
  end(samples: readonly Sample[], heapMegabytes: number): void {
    this.samples = samples;
    this.heapMegabytes = heapMegabytes;
  }

  get medianMegabytes(): number {
    return this.samples.length > 0 ? median(this.samples.map(({ megabytes }) => megabytes)) : NaN;
  }

  row(name: string): string[] {
    const { samples } = this;
    const megabytes = samples.map((sample) => sample.megabytes);
    return [
      name,
      figure(this.requests),
      figure(this.errors),
      ...[...this.latencies.values()].map((latencies) =>
        [0.5, 0.99].map((share) => figure(quantile(latencies, share))).join(' / '),
      ),
      `${figure(this.cpu * 100)} %`,
      figure(Math.min(...megabytes)),
      figure(this.medianMegabytes),
      figure(Math.max(...megabytes)),
      figure(this.heapMegabytes),
      figure(Math.max(...samples.map(({ connections }) => connections))),
    ];
  }

  /** The server's share of one processor. */
  private get cpu(): number {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    return first && last ? (last.cpuMs - first.cpuMs) / (last.at - first.at) : NaN;
  }
}

/** Requests with many pings are in none: another benchmark measures them. */
function columnOf({ path, body }: BenchRequest): Column | undefined {
  if (path === '/graphql') return 'GraphQL';
  if (body === undefined)
    return path.includes('/flow_volume/') ? 'flow_volume' : 'other REST reads';
  return path.startsWith('/api/v1/flow_sensors/') ? 'POST of a ping' : undefined;
}
