import { setPriority } from 'node:os';
import { ATTACKS } from './attacks.js';
import { Attacker, type Target } from './attack.js';

const LOW_PRIORITY = 10;

/**
 * Attacks until its parent ends it: a process of its own, so that it does not slow the one that
 * measures. It reports when the attack runs, and at the end the responses to it.
 */
const [name, target] = process.argv.slice(2);
// What an attacker elsewhere does takes no processor time from the server.
setPriority(LOW_PRIORITY);
const attacker = new Attacker(JSON.parse(target!) as Target);
process.once('disconnect', () => process.exit());
const cleanUp = (await ATTACKS[name!]!(attacker)) as (() => Promise<void>) | undefined;
process.once('message', () => {
  const responses = attacker.responses();
  void Promise.resolve(cleanUp?.()).finally(() => process.send!({ responses }));
});
process.send!('running');
