import { ATTACKS } from './attacks.js';
import { Attacker, type Target } from './attack.js';

/**
 * Attacks until its parent ends it: a process of its own, so that it does not slow the one that
 * measures. It reports when the attack runs, and at the end the responses to it.
 */
const [name, target] = process.argv.slice(2);
const attacker = new Attacker(JSON.parse(target!) as Target);
process.once('disconnect', () => process.exit());
const cleanUp = (await ATTACKS[name!]!(attacker)) as (() => Promise<void>) | undefined;
process.once('message', () => {
  const responses = attacker.responses();
  void Promise.resolve(cleanUp?.()).finally(() => process.send!({ responses }));
});
process.send!('running');
