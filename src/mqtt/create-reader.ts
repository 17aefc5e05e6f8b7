import type { MqttConfig } from './config.js';
import { JsonReader } from './json-reader.js';
import type { MessageReader } from './message-reader.js';
import type { HostDeps } from './sparkplug/host.js';

/** What reads the messages of a broker, as its profile says. */
export async function createReader(config: MqttConfig, deps: HostDeps): Promise<MessageReader> {
  if (config.profile !== 'sparkplug') return new JsonReader(config.profile, config.topics);
  const { SparkplugHost } = await import('./sparkplug/host.js');
  return new SparkplugHost(config, deps);
}
