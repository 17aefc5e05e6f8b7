import type { FlowSensor, PrismaClient } from '../../src/generated/prisma/client.js';
import { coverage, integrate, integrateBetween, readings } from './volume.js';

export const typeDefs = `#graphql
  scalar DateTime
  type Query {
    flowSensor(id: ID!): FlowSensor
    flowSensors(first: Int!, filter: FlowSensorFilter): FlowSensorConnection!
  }
  input FlowSensorFilter { ids: [ID!] }
  type FlowSensorConnection {
    nodes: [FlowSensor!]!
    flowVolume(start: DateTime!, end: DateTime!): FlowVolume!
  }
  type FlowSensor {
    id: ID!
    name: String!
    pings(first: Int!): PingConnection!
    flowVolume(start: DateTime!, end: DateTime!): FlowVolume!
    flowVolumes(start: DateTime!, end: DateTime!, interval: VolumeInterval!): [FlowVolume!]!
  }
  enum VolumeInterval { DAY }
  type PingConnection { nodes: [Ping!]! }
  type Ping { id: ID!  datetime: DateTime!  flowrate: Float!  sensor: FlowSensor! }
  type FlowVolume { start: DateTime!  end: DateTime!  volume: Float!  coverage: Float }
`;

const DAY_MS = 86_400_000;

interface Range {
  readonly start: string;
  readonly end: string;
}

export function createResolvers(prisma: PrismaClient) {
  const volume = async (sensor: FlowSensor, range: Range) => {
    const start = new Date(range.start);
    const end = new Date(range.end);
    const pings = await readings(prisma, sensor.id, start, end);
    return {
      ...range,
      volume: integrate(pings, start.getTime(), end.getTime()),
      coverage: coverage(pings, start.getTime(), end.getTime(), sensor.maxGap),
    };
  };
  return {
    Query: {
      flowSensor: (_: unknown, { id }: { id: string }) =>
        prisma.flowSensor.findUnique({ where: { id: Number(id) } }),
      flowSensors: async (
        _: unknown,
        { first, filter }: { first: number; filter?: { ids?: string[] } },
      ) => ({
        nodes: await prisma.flowSensor.findMany({
          where: filter?.ids ? { id: { in: filter.ids.map(Number) } } : {},
          orderBy: { id: 'asc' },
          take: first,
        }),
      }),
    },
    FlowSensorConnection: {
      flowVolume: async ({ nodes }: { nodes: FlowSensor[] }, range: Range) => {
        const volumes = await Promise.all(nodes.map((sensor) => volume(sensor, range)));
        return { ...range, volume: volumes.reduce((sum, each) => sum + each.volume, 0) };
      },
    },
    FlowSensor: {
      pings: async ({ id }: FlowSensor, { first }: { first: number }) => ({
        nodes: await prisma.ping.findMany({
          where: { sensorId: id },
          orderBy: { datetime: 'desc' },
          take: first,
        }),
      }),
      flowVolume: volume,
      flowVolumes: async (sensor: FlowSensor, { start, end }: Range) => {
        const pings = await readings(prisma, sensor.id, new Date(start), new Date(end));
        const edges = dayEdges(Date.parse(start), Date.parse(end));
        return integrateBetween(pings, edges).map((volume, index) => ({
          start: new Date(edges[index]!).toISOString(),
          end: new Date(edges[index + 1]!).toISOString(),
          volume,
        }));
      },
    },
    Ping: {
      id: ({ id }: { id: bigint }) => String(id),
      datetime: ({ datetime }: { datetime: Date }) => datetime.toISOString(),
      sensor: ({ sensorId }: { sensorId: number }) =>
        prisma.flowSensor.findUnique({ where: { id: sensorId } }),
    },
  };
}

function dayEdges(start: number, end: number): number[] {
  const edges = [start];
  for (let day = (Math.floor(start / DAY_MS) + 1) * DAY_MS; day < end; day += DAY_MS)
    edges.push(day);
  return [...edges, end];
}
