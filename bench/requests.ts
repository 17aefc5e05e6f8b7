import { END, type Histories } from './data.js';
import type { RequestMaker } from './load.js';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Number of different ends of ranges, none of them on the hour. */
const VARIANTS = 50;

export interface ReadCase {
  readonly name: string;
  readonly make: RequestMaker;
  /** target throughput at concurrency 16, as a share of the bare server's */
  readonly throughput: number;
  /** target p50 at concurrency 1, as a multiple of the bare server's */
  readonly latency: number;
  /** target throughput as a multiple of the peer's; 0 for none */
  readonly peer: number;
  /** how often a second the soak makes it */
  readonly perSecond: number;
}

export function volumePath(sensor: number, length: number, n: number): string {
  const end = END - DAY + (n % VARIANTS) * 7 * MINUTE + 17 * 1000;
  return `/api/v1/flow_sensors/${sensor}/flow_volume/${iso(end - length)}/${iso(end)}/`;
}

export const LENGTHS = {
  '1 hour': HOUR,
  '1 day': DAY,
  '1 year': 365 * DAY,
  '10 years': 3652 * DAY,
};

/** The requests of the table of reads, each with its targets. */
export function readCases({ ids, deep, deepPings, yearly }: Histories): ReadCase[] {
  const count = ids.length;
  const sensorPath = `/api/v1/flow_sensors/${deep}`;
  const peerOfVolume = { '1 hour': 2.5, '1 day': 2.5, '1 year': 80, '10 years': 500 };
  const volumes = Object.entries(LENGTHS).map(([name, length]) => ({
    name: `REST flow_volume over ${name}`,
    make: (n: number) => ({ path: volumePath(deep, length, n) }),
    throughput: 0.6,
    latency: 1.6,
    peer: peerOfVolume[name as keyof typeof LENGTHS],
    perSecond: 8,
  }));
  const deepPage = Math.max(Math.round((deepPings / 1000) * 0.9), 1);
  const list = { throughput: 0.8, latency: 1.3, peer: 6, perSecond: 3 };
  return [
    ...volumes,
    { name: `REST sensors (${count})`, make: () => ({ path: '/api/v1/flow_sensors/' }), ...list },
    { name: 'REST pings, page 1', make: () => ({ path: `${sensorPath}/pings/` }), ...list },
    {
      name: `REST pings, page ${deepPage}`,
      make: () => ({ path: `${sensorPath}/pings/?page=${deepPage}` }),
      ...list,
      peer: 100,
    },
    {
      name: 'REST flow_volume_hours over a year, page 1',
      make: (n) => ({
        path: `${sensorPath}/flow_volume_hours/${iso(END - 365 * DAY)}/${iso(END - (n % VARIANTS) * HOUR)}/`,
      }),
      throughput: 0.8,
      latency: 1.2,
      peer: 5,
      perSecond: 1,
    },
    {
      name: 'GraphQL: 50 sensors, 20 newest pings and 24 h volume',
      make: (n) => operation('Fleet', { first: 50, ...lastDay(n) }),
      throughput: 0.6,
      latency: 1.5,
      peer: 3,
      perSecond: 2,
    },
    {
      name: `GraphQL: ${count} sensors, 24 h volume, and the total`,
      make: (n) => operation('Volumes', { first: count, ...lastDay(n) }),
      throughput: 0.7,
      latency: 1.4,
      peer: 5,
      perSecond: 0.5,
    },
    {
      name: 'GraphQL: 1000 pings × 4 fields',
      make: () => operation('Pings', { id: deep, first: 1000 }),
      throughput: 0.4,
      latency: 2.5,
      peer: 3,
      perSecond: 3,
    },
    {
      name: `GraphQL: daily volumes of a year, ${yearly.length} sensors`,
      make: (n) =>
        operation('Daily', {
          ids: yearly,
          first: yearly.length,
          start: iso(END - 365 * DAY - (n % VARIANTS) * DAY),
          end: iso(END - (n % VARIANTS) * DAY),
        }),
      throughput: 0.5,
      latency: 2,
      peer: 30,
      perSecond: 0.25,
    },
  ];
}

const OPERATIONS = {
  Fleet: `query Fleet($first: Int!, $start: DateTime!, $end: DateTime!) {
    flowSensors(first: $first) {
      nodes {
        id name
        pings(first: 20) { nodes { id datetime flowrate } }
        flowVolume(start: $start, end: $end) { volume coverage }
      }
    }
  }`,
  Volumes: `query Volumes($first: Int!, $start: DateTime!, $end: DateTime!) {
    flowSensors(first: $first) {
      nodes { id name flowVolume(start: $start, end: $end) { volume } }
      flowVolume(start: $start, end: $end) { volume }
    }
  }`,
  Pings: `query Pings($id: ID!, $first: Int!) {
    flowSensor(id: $id) { pings(first: $first) { nodes { id datetime flowrate sensor { id } } } }
  }`,
  Daily: `query Daily($ids: [ID!], $first: Int!, $start: DateTime!, $end: DateTime!) {
    flowSensors(first: $first, filter: { ids: $ids }) {
      nodes { id flowVolumes(start: $start, end: $end, interval: DAY) { start end volume } }
    }
  }`,
};

function operation(operationName: keyof typeof OPERATIONS, variables: object) {
  const query = OPERATIONS[operationName];
  return { path: '/graphql', body: JSON.stringify({ operationName, query, variables }) };
}

function lastDay(n: number) {
  const end = END - (n % VARIANTS) * 7 * MINUTE - HOUR;
  return { start: iso(end - DAY), end: iso(end) };
}

function iso(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
