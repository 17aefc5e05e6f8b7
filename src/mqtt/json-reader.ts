import type { JsonProfileName, MqttConfig } from './config.js';
import type { MqttMessage } from './connection.js';
import type { MessageReader, ReadMessage } from './message-reader.js';
import { BadMessageError } from './profiles/profile.js';
import { READERS } from './profiles/profiles.js';

const NOTHING: ReadMessage = { values: [], refused: [] };

/** Reads messages that each say everything by themselves. */
export class JsonReader implements MessageReader {
  constructor(
    private readonly profile: JsonProfileName,
    private readonly topics: MqttConfig['topics'],
  ) {}

  read({ topic, payload }: MqttMessage): ReadMessage {
    const matched = this.topics.map((each) => each.match(topic)).find(Boolean);
    if (!matched) return NOTHING;
    try {
      const found = READERS[this.profile](payload, matched.sensor);
      return {
        values: found.filter((each) => typeof each !== 'string'),
        refused: found.filter((each) => typeof each === 'string'),
      };
    } catch (error) {
      if (!(error instanceof BadMessageError)) throw error;
      return { values: [], refused: [error.message] };
    }
  }

  restart(): void {
    // No message depends on an earlier one.
  }
}
