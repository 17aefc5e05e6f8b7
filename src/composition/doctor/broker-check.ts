import type { Config } from '../../config.js';
import { tryBroker } from '../../mqtt/connection.js';
import { AccountStore } from '../../storage/accounts/account-store.js';
import type { Database } from '../../storage/postgres/database.js';
import { error, ok, type Finding } from './finding.js';

/** Whether the broker can be used, if one is set. */
export async function checkBroker({ mqtt }: Config): Promise<Finding[]> {
  if (!mqtt) return [];
  const problem = await tryBroker(mqtt);
  const { href } = mqtt.url;
  if (problem === undefined) return [ok('broker', `${href} accepts the subscriptions.`)];
  const advice = 'Check FLOWGATE_MQTT_URL, _USERNAME, _PASSWORD and _TOPICS.';
  return [error('broker', `${href}: ${problem}`, advice)];
}

/** Whether the account exists whose sensors the broker's messages are of. */
export async function checkBrokerAccount({ mqtt }: Config, database: Database): Promise<Finding[]> {
  if (!mqtt || (await new AccountStore(database).findByName(mqtt.account))) return [];
  const message = `There is no account named ${JSON.stringify(mqtt.account)}, so no message is recorded.`;
  return [error('broker', message, 'Correct FLOWGATE_MQTT_ACCOUNT.')];
}
