import dgram from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * A DNS server that answers every question for an IPv4 address with the one that is set, and no
 * other.
 */
export class TestDns {
  readonly questions: string[] = [];
  private readonly socket = dgram.createSocket('udp4');

  constructor(public address: string) {}

  async listen(): Promise<this> {
    this.socket.on('message', (query, { port, address }) => {
      this.socket.send(this.answer(query), port, address);
    });
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
    return this;
  }

  /** Resolves by this server, as `dns.lookup` does by the system's. */
  get lookup(): LookupFunction {
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${this.socket.address().port}`]);
    return (hostname, options, callback) => {
      resolver.resolve4(hostname, (error, addresses) => {
        if (error) callback(error, '');
        else if (options.all)
          callback(
            null,
            addresses.map((address) => ({ address, family: 4 })),
          );
        else callback(null, addresses[0]!, 4);
      });
    };
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  /** RFC 1035, 4.1: the question comes back, followed by one A record that points to its name. */
  private answer(query: Buffer): Buffer {
    let end = 12;
    const labels: string[] = [];
    while (query[end] !== 0) {
      labels.push(query.toString('latin1', end + 1, end + 1 + query[end]!));
      end += query[end]! + 1;
    }
    this.questions.push(labels.join('.'));
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    [1, 1, 0, 0].forEach((count, index) => header.writeUInt16BE(count, 4 + index * 2));
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
    const address = Buffer.from(this.address.split('.').map(Number));
    return Buffer.concat([header, query.subarray(12, end + 5), record, address]);
  }
}
