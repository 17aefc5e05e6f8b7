import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

const FORWARDED = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'];

export interface RequestOriginOptions {
  readonly basePath?: string;
  /** called for the first request whose X-Forwarded-* headers are ignored, with its sender */
  readonly onIgnored?: (address: string, header: string) => void;
}

/**
 * Where requests come from and which address they were sent to, believing trusted proxies alone.
 */
export class RequestOrigin {
  /** of every address of this server, such as `/flow`; empty at the root of its host */
  readonly basePath: string;
  private readonly trusts: (address: string, index: number) => boolean;
  private onIgnored: ((address: string, header: string) => void) | undefined;

  /**
   * @param trustedProxies IP addresses and CIDR ranges; X-Forwarded-* headers of any other are
   * ignored
   */
  constructor(
    trustedProxies: readonly string[],
    { basePath = '', onIgnored }: RequestOriginOptions = {},
  ) {
    this.basePath = basePath;
    this.trusts = proxyAddr.compile([...trustedProxies]);
    this.onIgnored = onIgnored;
  }

  /** The client's IP address: the last in X-Forwarded-For that is not a trusted proxy. */
  address(request: IncomingMessage): string {
    if (!this.isForwarded(request)) return request.socket.remoteAddress ?? '';
    const address = withoutPort(proxyAddr(request, this.trusts));
    // A proxy may pass on what a client invented, and each invention would count as another client.
    return isIP(address) ? address : (request.socket.remoteAddress ?? '');
  }

  /** The server as the client addresses it, e.g. `https://example.com/flow`. */
  base(request: IncomingMessage): string {
    const { host } = request.headers;
    const forwarded = this.isForwarded(request);
    const forwardedHost = forwarded && first(request.headers['x-forwarded-host']);
    const forwardedProto = forwarded && first(request.headers['x-forwarded-proto'])?.toLowerCase();
    const protocol =
      forwardedProto === 'https' || forwardedProto === 'http' ? forwardedProto : 'http';
    const named = [forwardedHost, host].find((name) => name && HOST.test(name));
    return `${protocol}://${named || localAddress(request)}${this.basePath}`;
  }

  /** Whether the client's connection is https. */
  isSecure(request: IncomingMessage): boolean {
    return this.base(request).startsWith('https:');
  }

  private isForwarded({ socket, headers }: IncomingMessage): boolean {
    const { remoteAddress = '' } = socket;
    if (this.trusts(remoteAddress, 0)) return true;
    if (this.onIgnored !== undefined) {
      const header = FORWARDED.find((name) => name in headers);
      if (header !== undefined) {
        this.onIgnored(remoteAddress, header);
        this.onIgnored = undefined;
      }
    }
    return false;
  }
}

/** Some proxies name the client's port too. */
function withoutPort(address: string): string {
  return /^\[?([\d.]+|[\da-f:.]+(?=\]))\]?:\d+$/i.exec(address)?.[1] ?? address;
}

function first(header: string | string[] | undefined): string | undefined {
  return (
    String(header ?? '')
      .split(',', 1)[0]
      ?.trim() || undefined
  );
}

/** For a request of HTTP/1.0, which need not name a host, or one whose Host is not a host name. */
function localAddress({ socket }: IncomingMessage): string {
  const { localAddress: address = '127.0.0.1', localPort } = socket;
  return address.includes(':') ? `[${address}]:${localPort}` : `${address}:${localPort}`;
}
