import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { RequestOrigin } from '../../src/http/request-origin.js';

function from(remoteAddress: string | undefined, headers: Record<string, string> = {}) {
  const socket = { remoteAddress, localAddress: '::1', localPort: 4000 };
  return { socket, connection: socket, headers } as unknown as IncomingMessage;
}

describe("A request's address", () => {
  const behind = new RequestOrigin(['10.0.0.0/8', '2001:db8::/32']);

  test.each([
    ['X-Forwarded-For of an untrusted client is ignored', '192.0.2.1', '203.0.113.9', '192.0.2.1'],
    ['X-Forwarded-For of a trusted proxy is used', '10.1.2.3', '203.0.113.9', '203.0.113.9'],
    [
      'X-Forwarded-For of a trusted IPv6 proxy is used',
      '2001:db8::7',
      '203.0.113.9',
      '203.0.113.9',
    ],
    [
      'X-Forwarded-For of a trusted IPv4 proxy written as IPv6 is used',
      '::ffff:10.1.2.3',
      '203.0.113.9',
      '203.0.113.9',
    ],
    [
      'the last address that is not a trusted proxy is the client',
      '10.1.2.3',
      '1.1.1.1, 203.0.113.9, 10.9.9.9',
      '203.0.113.9',
    ],
    ['a proxy that says nothing is the client', '10.1.2.3', undefined, '10.1.2.3'],
    ['a client named with its port is its address', '10.1.2.3', '203.0.113.9:4711', '203.0.113.9'],
    [
      'an IPv6 client named with its port is its address',
      '10.1.2.3',
      '[2001:db9::1]:4711',
      '2001:db9::1',
    ],
    ['what is not an address is not believed', '10.1.2.3', 'garbage1', '10.1.2.3'],
    ['a closed socket has no address', undefined, '203.0.113.9', ''],
  ])('%s', (_, remote, forwardedFor, address) => {
    const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
    expect(behind.address(from(remote, headers))).toBe(address);
  });

  test('the first forwarded header that is ignored is reported, with its sender', () => {
    const ignored: string[] = [];
    const origin = new RequestOrigin(['10.0.0.0/8'], {
      onIgnored: (address, header) => ignored.push(`${header} from ${address}`),
    });
    origin.address(from('192.0.2.1'));
    origin.address(from('10.1.2.3', { 'x-forwarded-for': '203.0.113.9' }));
    for (const remote of ['192.0.2.1', '192.0.2.2']) {
      origin.address(from(remote, { 'x-forwarded-proto': 'https' }));
    }
    expect(ignored).toEqual(['x-forwarded-proto from 192.0.2.1']);
  });

  test('no proxy is trusted by default', () => {
    const request = from('127.0.0.1', { 'x-forwarded-for': '203.0.113.9' });
    expect(new RequestOrigin([]).address(request)).toBe('127.0.0.1');
  });
});

describe('The server as the client addresses it', () => {
  const origin = new RequestOrigin([]);

  test.each([
    ['flow.example.com', 'http://flow.example.com'],
    ['flow_gate:8080', 'http://flow_gate:8080'],
    ['[::1]:4000', 'http://[::1]:4000'],
    ['evil"><script>', 'http://[::1]:4000'],
    ['user@evil.example.com', 'http://[::1]:4000'],
    ['a/b', 'http://[::1]:4000'],
  ])('the base of a request with Host: %s is right', (host, base) => {
    expect(origin.base(from('127.0.0.1', { host }))).toBe(base);
  });

  test('the base of a request without a Host is the local address of the connection', () => {
    expect(origin.base(from('127.0.0.1'))).toBe('http://[::1]:4000');
  });
});
