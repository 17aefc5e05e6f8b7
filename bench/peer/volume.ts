import type { PrismaClient } from '../../src/generated/prisma/client.js';

const DAY_MS = 86_400_000;

interface Reading {
  readonly datetime: Date;
  readonly flowrate: number;
}

/** The pings of a sensor in [start, end) and the one on either side. */
export async function readings(
  prisma: PrismaClient,
  sensorId: number,
  start: Date,
  end: Date,
): Promise<Reading[]> {
  const before = await prisma.ping.findFirst({
    where: { sensorId, datetime: { lt: start } },
    orderBy: { datetime: 'desc' },
  });
  const inside = await prisma.ping.findMany({
    where: { sensorId, datetime: { gte: start, lt: end } },
    orderBy: { datetime: 'asc' },
  });
  const after = await prisma.ping.findFirst({
    where: { sensorId, datetime: { gte: end } },
    orderBy: { datetime: 'asc' },
  });
  return [...(before ? [before] : []), ...inside, ...(after ? [after] : [])];
}

/** Barrels between two instants, by the trapezoid rule. */
export function integrate(pings: readonly Reading[], start: number, end: number): number {
  let volume = 0;
  for (let index = 1; index < pings.length; index++) {
    const [a, b] = [pings[index - 1]!, pings[index]!];
    const [from, to] = [a.datetime.getTime(), b.datetime.getTime()];
    const left = Math.max(from, start);
    const right = Math.min(to, end);
    if (right <= left) continue;
    const at = (time: number) =>
      a.flowrate + ((b.flowrate - a.flowrate) * (time - from)) / (to - from);
    volume += ((at(left) + at(right)) / 2) * ((right - left) / DAY_MS);
  }
  return volume;
}

/** Barrels between consecutive edges, in one pass over the pings. */
export function integrateBetween(pings: readonly Reading[], edges: readonly number[]): number[] {
  let from = 0;
  return edges.slice(1).map((end, index) => {
    const start = edges[index]!;
    while (from + 1 < pings.length && pings[from + 1]!.datetime.getTime() <= start) from++;
    let to = from;
    while (to + 1 < pings.length && pings[to]!.datetime.getTime() < end) to++;
    return integrate(pings.slice(from, to + 1), start, end);
  });
}

/** The share of a range that lies in segments no longer than `maxGap` seconds. */
export function coverage(
  pings: readonly Reading[],
  start: number,
  end: number,
  maxGap: number,
): number {
  let covered = 0;
  for (let index = 1; index < pings.length; index++) {
    const [from, to] = [pings[index - 1]!.datetime.getTime(), pings[index]!.datetime.getTime()];
    if (to - from > maxGap * 1000) continue;
    covered += Math.max(Math.min(to, end) - Math.max(from, start), 0);
  }
  return covered / (end - start);
}
