import type { MqttMessage } from './connection.js';
import type { ReadValue } from './profiles/profile.js';

/** What a message says. */
export interface ReadMessage {
  readonly values: readonly ReadValue[];
  /** a sentence for each value that cannot be read */
  readonly refused: readonly string[];
  /** why nothing is recorded, where none of the values is of a sensor; undefined: that is no error */
  readonly ifNone?: string | undefined;
}

/** Reads the messages of a connection, in their order. */
export interface MessageReader {
  read(message: MqttMessage, receivedAt: Date): ReadMessage;
  /** To be called with each connection: messages may have been missed before it. */
  restart(): void;
}
