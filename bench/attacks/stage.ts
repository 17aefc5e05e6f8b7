import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Passwords } from '../../src/domain/accounts/passwords.js';
import { createAccount, createPings, createSensors, settle, TOKEN } from '../data.js';
import type { BenchServer } from '../database.js';
import type { Options } from '../options.js';
import { startBare, startFlowgate } from '../processes.js';
import { Receiver } from '../webhook-client.js';
import type { Target } from './attack.js';
import { Bystander, createUsers } from './bystander.js';

const PASSWORD = 'correct horse battery staple';
const BYSTANDER_SENSORS = 20;

/**
 * A server with the default settings, an attacker's account and another one, and a server for that
 * one alone.
 */
export interface Stage {
  readonly bystander: Bystander;
  readonly target: Target;
  readonly close: () => Promise<void>;
}

export async function openStage(server: BenchServer, options: Options): Promise<Stage> {
  const { database, url, drop } = await server.create('attacks');
  const passwordHash = await new Passwords().hash(PASSWORD);

  const attacker = await createAccount(database, 'attacker', 'fg_attacker');
  const username = 'attacker';
  await database.prisma.user.create({ data: { accountId: attacker, username, passwordHash } });
  const [sensor] = await createSensors(database, attacker, options.attackedSensors);
  await createPings(database, [sensor!], options.attackedPings);

  const other = await createAccount(database, 'other', TOKEN);
  await createUsers(database, other, passwordHash);
  const sensors = await createSensors(database, other, BYSTANDER_SENSORS);
  await createPings(database, sensors, options.sensorPings);
  await settle(database);

  // The only settings that are not the defaults let the server send webhooks to this machine.
  const flowgate = await startFlowgate(url, {
    RATE_LIMIT: '',
    WEBHOOK_ALLOW_PRIVATE_NETWORK: 'true',
  });
  const ownServer = await startBare(url);
  const receiver = await Receiver.start();
  const bystander = new Bystander({
    url: flowgate.url,
    ownUrl: ownServer.url,
    token: TOKEN,
    sensors,
    password: PASSWORD,
  });
  return {
    bystander,
    target: {
      url: flowgate.url,
      token: 'fg_attacker',
      username,
      password: PASSWORD,
      sensor: sensor!,
      receiver: receiver.url,
    },
    close: async () => {
      await bystander.close();
      receiver.stop();
      await flowgate.stop();
      await ownServer.stop();
      await drop();
    },
  };
}

/** Runs an attack while `work` is done. @returns its result, and the responses to the attack */
export async function underAttack<T>(
  name: string,
  target: Target,
  work: () => Promise<T>,
): Promise<{ result: T; responses: string }> {
  const file = fileURLToPath(new URL('attacker.ts', import.meta.url));
  const child = fork(file, [name, JSON.stringify(target)], {
    execArgv: ['--import', fileURLToPath(new URL('../../scripts/typescript.mjs', import.meta.url))],
  });
  const failed = once(child, 'exit').then(() => {
    throw new Error(`The attack "${name}" ended by itself.`);
  });
  await Promise.race([once(child, 'message'), failed]);
  const result = await Promise.race([work(), failed]);
  child.send('end');
  const [{ responses }] = (await Promise.race([once(child, 'message'), failed])) as [
    { responses: string },
  ];
  failed.catch(() => undefined);
  child.disconnect();
  return { result, responses };
}
