import { setTimeout as pause } from 'node:timers/promises';
import { ATTACKS } from './attacks/attacks.js';
import type { Experience } from './attacks/bystander.js';
import { openStage, underAttack, type Stage } from './attacks/stage.js';
import type { BenchServer } from './database.js';
import { median, quantile } from './load.js';
import type { Options } from './options.js';
import { against, figure, type Report } from './report.js';

/** After an attack, before the next time without one is measured. */
const RECOVERY_SECONDS = 1;

/** Measures what requests of one account experience while another account attacks. */
export async function run(server: BenchServer, options: Options): Promise<Report> {
  const stage = await openStage(server, options);
  try {
    const rows: string[][] = [];
    const { only } = options;
    const names = Object.keys(ATTACKS).filter((name) => !only || new RegExp(only).test(name));
    for (const name of names) {
      rows.push(await rowOf(stage, name, options));
      process.stderr.write(`${rows.at(-1)!.join(' | ')}\n`);
    }
    return {
      title: 'Attacks',
      text: `What one account experiences while another one attacks the same server, which has its default settings. GET is the volume of a year of a sensor, 25 times a second; POST records a ping, 5 times a second; a user signs in twice a second. _Normal_ is the time just before each attack. Latencies are in milliseconds, of ${options.rounds} rounds of ${options.attackSeconds} s each together; the worst of /healthz is the median of the rounds' worst. _A server of its own_ answers the same GET without an account's limits or another account's requests, in a process of its own beside the attack: what it takes longer is the machine's doing, whose cores the attack's work keeps busy. All run on one machine; the attacker with a lower priority, because an attacker elsewhere would not take processor time from the server.`,
      header: [
        'attack',
        'GET p50, normal',
        'under attack',
        'GET p99, normal',
        'under attack',
        'of normal',
        'a server of its own, p99, normal',
        'under attack',
        'of normal',
        'failed GET / POST / sign-in',
        '/healthz, worst, normal',
        'under attack',
        'responses to the attack',
      ],
      rows,
    };
  } finally {
    await stage.close();
  }
}

type Reads = 'reads' | 'ownReads';

const latencies = (all: readonly Experience[], kind: Reads) => all.flatMap((each) => each[kind]);

async function rowOf(
  { bystander, target }: Stage,
  name: string,
  { rounds, attackSeconds, warmUp }: Options,
): Promise<string[]> {
  const normal: Experience[] = [];
  const attacked: Experience[] = [];
  let answered = '';
  await bystander.experience(warmUp);
  for (let round = 0; round < rounds; round++) {
    normal.push(await bystander.experience(attackSeconds * 1000));
    const { result, responses } = await underAttack(name, target, () =>
      bystander.experience(attackSeconds * 1000),
    );
    attacked.push(result);
    answered = responses;
    await pause(Math.min(RECOVERY_SECONDS, attackSeconds) * 1000);
  }
  const p50 = (all: Experience[]) => quantile(latencies(all, 'reads'), 0.5);
  const p99 = (all: Experience[], kind: Reads = 'reads') => quantile(latencies(all, kind), 0.99);
  const worst = (all: Experience[]) => median(all.map(({ health }) => Math.max(...health)));
  const failed = (kind: keyof Experience['failed']) =>
    attacked.reduce((sum, { failed }) => sum + failed[kind], 0);
  return [
    name,
    figure(p50(normal)),
    figure(p50(attacked)),
    figure(p99(normal)),
    figure(p99(attacked)),
    against(p99(attacked) / p99(normal), '≤', 2),
    figure(p99(normal, 'ownReads')),
    figure(p99(attacked, 'ownReads')),
    figure(p99(attacked, 'ownReads') / p99(normal, 'ownReads')),
    `${failed('reads')} / ${failed('writes')} / ${failed('signIns')}`,
    figure(worst(normal)),
    against(worst(attacked), '≤', 100),
    answered,
  ];
}
