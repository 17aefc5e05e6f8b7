import { parseArgs } from 'node:util';

/** How much to measure, and for how long. */
export interface Options {
  readonly rounds: number;
  /** simultaneous requests where throughput is measured */
  readonly concurrency: number;
  /** duration of each round of a table's cell */
  readonly milliseconds: number;
  /** milliseconds before a cell's first round, enough for V8 to compile the hot code */
  readonly warmUp: number;
  /** pings of the sensor with the long history */
  readonly deepPings: number;
  readonly sensors: number;
  readonly sensorPings: number;
  readonly yearlySensors: number;
  readonly yearlyPings: number;
  /** sizes of the databases that growth compares */
  readonly growth: readonly number[];
  readonly importRows: number;
  /** NDJSON requests, and pings in each */
  readonly streams: number;
  readonly streamPings: number;
  readonly soakSeconds: number;
  /** how long each attack, and the time without one before it, is measured in each round */
  readonly attackSeconds: number;
  /** sensors of the account that attacks, and pings of one of them */
  readonly attackedSensors: number;
  readonly attackedPings: number;
  /** the attacks whose names match, where given */
  readonly only?: string;
}

const DEFAULT: Options = {
  rounds: 3,
  concurrency: 16,
  milliseconds: 1000,
  warmUp: 1000,
  deepPings: 1_000_000,
  sensors: 500,
  sensorPings: 2000,
  yearlySensors: 20,
  yearlyPings: 106_000,
  growth: [10_000, 100_000, 1_000_000],
  importRows: 1_000_000,
  streams: 20,
  streamPings: 100_000,
  soakSeconds: 60,
  attackSeconds: 4,
  attackedSensors: 1003,
  attackedPings: 400_000,
};

/** The sizes that the targets are given for; takes long. */
const FULL: Partial<Options> = {
  rounds: 5,
  milliseconds: 2000,
  growth: [10_000, 100_000, 1_000_000, 10_000_000],
  importRows: 5_000_000,
  streams: 50,
  soakSeconds: 3600,
  attackSeconds: 30,
};

const QUICK: Partial<Options> = {
  milliseconds: 300,
  deepPings: 200_000,
  growth: [10_000, 100_000],
  importRows: 100_000,
  streams: 5,
  soakSeconds: 10,
  attackSeconds: 3,
};

/** Shows that everything runs, not how fast. */
export const TINY: Options = {
  rounds: 1,
  concurrency: 2,
  milliseconds: 20,
  warmUp: 20,
  deepPings: 2000,
  sensors: 4,
  sensorPings: 300,
  yearlySensors: 2,
  yearlyPings: 600,
  growth: [500, 1000],
  importRows: 500,
  streams: 2,
  streamPings: 200,
  soakSeconds: 2,
  attackSeconds: 0.5,
  attackedSensors: 4,
  attackedPings: 2000,
};

export interface CommandLine {
  readonly suites: readonly string[];
  readonly write: boolean;
  readonly options: Options;
}

export function commandLine(args: string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      tiny: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      milliseconds: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const { quick, full, tiny, write, rounds, milliseconds, only } = values;
  return {
    suites: positionals,
    write,
    options: {
      ...DEFAULT,
      ...(quick && QUICK),
      ...(full && FULL),
      ...(tiny && TINY),
      ...(rounds !== undefined && { rounds: Number(rounds) }),
      ...(only !== undefined && { only }),
      ...(milliseconds !== undefined && { milliseconds: Number(milliseconds) }),
    },
  };
}
