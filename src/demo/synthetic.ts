import type { DemoSensor, Reading } from './sensor.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;

/** What flows at an instant, bbl/d. `random` gives numbers from 0 to 1. */
type Flow = (time: number, random: () => number) => number;

interface Recipe extends Omit<DemoSensor, 'readings'> {
  readonly everyMs: number;
  readonly flow: Flow;
  /** when the sensor sends nothing, in milliseconds before now */
  readonly silences?: readonly (readonly [from: number, to: number])[];
}

const RECIPES: readonly Recipe[] = [
  {
    name: 'Midland Station, pump A',
    latitude: 31.9973,
    longitude: -102.0779,
    pipeDiameter: 12.75,
    everyMs: 5 * MINUTE,
    // On for five hours of eight, with the lulls of a pump that is switched by hand.
    flow: (time, random) =>
      phase(time, 8 * HOUR + 17 * MINUTE) < 0.62 ? noisy(42_000, 0.01, random) : 0,
  },
  {
    name: 'Wink gathering',
    latitude: 31.7512,
    longitude: -103.1597,
    pipeDiameter: 8.625,
    everyMs: 5 * MINUTE,
    flow: (time, random) => noisy(9000 + 3500 * wave(time, DAY), 0.06, random),
  },
  {
    name: 'Crane junction',
    latitude: 31.3974,
    longitude: -102.3502,
    pipeDiameter: 16,
    everyMs: 5 * MINUTE,
    flow: (time, random) => noisy(88_000 + 6000 * wave(time, 9 * DAY), 0.008, random),
    silences: [
      [17 * DAY, 17 * DAY - 9 * HOUR],
      [4 * DAY, 4 * DAY - 2.5 * HOUR],
    ],
  },
  {
    name: 'Cushing tank transfer',
    latitude: 35.9851,
    longitude: -96.7669,
    pipeDiameter: 20,
    everyMs: 5 * MINUTE,
    // Tanks fill, then drain the way they were filled: flow reverses.
    flow: (time, random) => noisy(60_000 * wave(time, 31 * HOUR), 0.02, random),
  },
  {
    name: 'Colorado City delivery',
    latitude: 32.3882,
    longitude: -100.8646,
    pipeDiameter: 10.75,
    everyMs: 10 * MINUTE,
    // Batches, each at a rate of its own.
    flow: (time, random) =>
      noisy(15_000 + 9000 * (Math.floor(time / (14 * HOUR)) % 4), 0.015, random),
  },
  {
    name: 'Big Spring lateral',
    latitude: 32.2504,
    longitude: -101.4787,
    pipeDiameter: 6.625,
    everyMs: 10 * MINUTE,
    flow: (time, random) => noisy(4200 + 500 * wave(time, DAY), 0.03, random),
    silences: [[26 * HOUR, 0]],
  },
];

/** A month of made-up pipeline sensors that ends now; the same at the same instant. */
export function syntheticSensors(now: Date): DemoSensor[] {
  return RECIPES.map(({ everyMs, flow, silences = [], ...sensor }, index) => ({
    ...sensor,
    readings: readings(now.getTime(), { everyMs, flow, silences }, randomNumbers(index + 1)),
  }));
}

/**
 * What one of these sensors sends after its last reading.
 * @param last milliseconds since 1970, as `now`
 * @returns undefined if there is no sensor of that name; nothing if it fell silent for good
 */
export function syntheticReadings(name: string, last: number, now: number): Reading[] | undefined {
  const recipe = RECIPES.find((each) => each.name === name);
  if (!recipe) return undefined;
  const { everyMs, flow, silences = [] } = recipe;
  if (silences.some(([, to]) => to === 0)) return [];
  const found: Reading[] = [];
  for (let due = last + everyMs; due <= now; due += everyMs) {
    found.push([due, Math.round(flow(due, Math.random) * 10) / 10]);
  }
  return found;
}

function readings(
  now: number,
  { everyMs, flow, silences }: Required<Pick<Recipe, 'everyMs' | 'flow' | 'silences'>>,
  random: () => number,
): Reading[] {
  const found: Reading[] = [];
  for (let due = now - MONTH; due < now - MINUTE; due += everyMs) {
    // Devices report when they get to it, within the next half minute.
    const time = Math.floor((due + random() * (MINUTE / 2)) / 1000) * 1000;
    const flowrate = Math.round(flow(time, random) * 10) / 10;
    const isSilent = silences.some(([from, to]) => time >= now - from && time < now - to);
    if (!isSilent) found.push([time, flowrate]);
  }
  return found;
}

function phase(time: number, period: number): number {
  return (time % period) / period;
}

function wave(time: number, period: number): number {
  return Math.sin(2 * Math.PI * phase(time, period));
}

function noisy(flowrate: number, share: number, random: () => number): number {
  return flowrate * (1 + share * (2 * random() - 1));
}

/** The generator of Numerical Recipes: good enough to look at, and the same on every machine. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
