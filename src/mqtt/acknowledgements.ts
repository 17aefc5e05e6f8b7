import type { Duplex } from 'node:stream';

/** How many messages are recorded at the same time; the next ones wait in the connection. */
const MAX_UNACKNOWLEDGED = 256;

// https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html, section 3.4
const PUBACK = 0x40;
const PUBACK_LENGTH = 2;

/**
 * Lets the client read on while messages are being recorded, and acknowledges each once it is,
 * in the order in which they came (section 4.6).
 */
export class Acknowledgements {
  private count = 0;
  private last: Promise<unknown> = Promise.resolve();
  private readonly waiting: (() => void)[] = [];

  /**
   * @param messageId undefined for QoS 0, which has no acknowledgement
   * @param stream the connection that the message came by: no other one has its id
   * @param recorded whether it may be acknowledged; it never rejects
   * @param readOn called when the next message may come
   */
  add(
    messageId: number | undefined,
    stream: Pick<Duplex, 'write' | 'writable'>,
    recorded: Promise<boolean>,
    readOn: () => void,
  ): void {
    this.count++;
    const { last } = this;
    this.last = recorded.then(async (isRecorded) => {
      await last;
      if (isRecorded && messageId !== undefined && stream.writable) {
        stream.write(Buffer.from([PUBACK, PUBACK_LENGTH, messageId >> 8, messageId & 0xff]));
      }
      this.count--;
      this.waiting.shift()?.();
    });
    if (this.count < MAX_UNACKNOWLEDGED) readOn();
    else this.waiting.push(readOn);
  }
}
