import { Router, type Request } from 'express';
import type { PrismaClient } from '../../src/generated/prisma/client.js';
import { integrate, integrateBetween, readings } from './volume.js';

const PAGE_SIZE = 1000;
const HOUR_MS = 3_600_000;

export function createRoutes(prisma: PrismaClient): Router {
  const router = Router();
  const sensorOf = ({ params }: Request) =>
    prisma.flowSensor.findUniqueOrThrow({ where: { id: Number(params['id']) } });

  router.get('/flow_sensors/', async (request, response) => {
    const page = pageOf(request);
    const sensors = await prisma.flowSensor.findMany({
      orderBy: { id: 'asc' },
      skip: (page - 1) * PAGE_SIZE,
      take: PAGE_SIZE,
    });
    const results = await Promise.all(
      sensors.map(async (sensor) => {
        const last = await prisma.ping.findFirst({
          where: { sensorId: sensor.id },
          orderBy: { datetime: 'desc' },
        });
        return {
          id: sensor.id,
          name: sensor.name,
          latitude: sensor.latitude,
          longitude: sensor.longitude,
          pipe_diameter: sensor.pipeDiameter,
          last_ping_flowrate: last?.flowrate ?? null,
          last_ping_datetime: last?.datetime ?? null,
          activated_at: sensor.activatedAt,
        };
      }),
    );
    response.json(list(request, await prisma.flowSensor.count(), page, results));
  });

  router.get('/flow_sensors/:id/pings/', async (request, response) => {
    const page = pageOf(request);
    const sensor = await sensorOf(request);
    const where = { sensorId: sensor.id };
    const [count, pings] = await Promise.all([
      prisma.ping.count({ where }),
      prisma.ping.findMany({
        where,
        orderBy: { datetime: 'desc' },
        skip: (page - 1) * PAGE_SIZE,
        take: PAGE_SIZE,
      }),
    ]);
    const results = pings.map(({ id, flowrate, datetime }) => ({
      id: Number(id),
      sensor_id: sensor.id,
      sensor_name: sensor.name,
      flowrate,
      datetime,
    }));
    response.json(list(request, count, page, results));
  });

  router.get('/flow_sensors/:id/flow_volume/:start/:end/', async (request, response) => {
    const sensor = await sensorOf(request);
    const { start, end } = rangeOf(request);
    const pings = await readings(prisma, sensor.id, start, end);
    response.json({
      sensor_id: sensor.id,
      sensor_name: sensor.name,
      flow_volume: Number(integrate(pings, start.getTime(), end.getTime()).toFixed(6)),
      start,
      end,
    });
  });

  router.get('/flow_sensors/:id/flow_volume_hours/:start/:end/', async (request, response) => {
    const page = pageOf(request);
    const sensor = await sensorOf(request);
    const { start, end } = rangeOf(request);
    const first = Math.floor(start.getTime() / HOUR_MS);
    const count = Math.ceil(end.getTime() / HOUR_MS) - first;
    const last = first + count - (page - 1) * PAGE_SIZE;
    const from = Math.max(last - PAGE_SIZE, first);
    const pings = await readings(
      prisma,
      sensor.id,
      new Date(from * HOUR_MS),
      new Date(last * HOUR_MS),
    );
    const edges = Array.from({ length: last - from + 1 }, (_, index) =>
      Math.min(Math.max((from + index) * HOUR_MS, start.getTime()), end.getTime()),
    );
    const results = integrateBetween(pings, edges)
      .map((volume, index) => ({
        sensor_id: sensor.id,
        sensor_name: sensor.name,
        flow_volume: Number(volume.toFixed(6)),
        start: new Date(edges[index]!),
        end: new Date(edges[index + 1]!),
      }))
      .reverse();
    response.json(list(request, count, page, results));
  });

  router.post('/flow_sensors/:id/pings/', async (request, response) => {
    const sensor = await sensorOf(request);
    const body = request.body as unknown;
    const pings = (Array.isArray(body) ? body : [body]) as { flowrate: number; datetime: string }[];
    const { count } = await prisma.ping.createMany({
      data: pings.map(({ flowrate, datetime }) => ({ sensorId: sensor.id, flowrate, datetime })),
      skipDuplicates: true,
    });
    response.status(201).json({ recorded: count, duplicates: pings.length - count });
  });

  router.post('/pings/', async (request, response) => {
    const pings = request.body as { sensor_id: number; flowrate: number; datetime: string }[];
    const { count } = await prisma.ping.createMany({
      data: pings.map(({ sensor_id, flowrate, datetime }) => ({
        sensorId: sensor_id,
        flowrate,
        datetime,
      })),
      skipDuplicates: true,
    });
    response.status(201).json({ recorded: count, duplicates: pings.length - count });
  });

  return router;
}

function pageOf({ query }: Request): number {
  return Number(query['page'] ?? 1);
}

function rangeOf({ params }: Request): { start: Date; end: Date } {
  return { start: new Date(params['start'] as string), end: new Date(params['end'] as string) };
}

function list(request: Request, count: number, page: number, results: unknown[]) {
  const url = `${request.protocol}://${request.get('host')}${request.baseUrl}${request.path}`;
  const next = count > page * PAGE_SIZE ? `${url}?page=${page + 1}` : null;
  const previous = page > 1 ? (page === 2 ? url : `${url}?page=${page - 1}`) : null;
  return { count, next, previous, results };
}
