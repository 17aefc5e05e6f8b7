import { expect, test } from '@jest/globals';
import { isPublicAddress } from '../../src/domain/webhooks/address.js';
import { webhookUrlError } from '../../src/domain/webhooks/url.js';

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '93.184.216.34',
  '172.15.255.255',
  '172.32.0.0',
  '100.63.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '2002:808:808::1',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  // loopback, unspecified, private, shared
  ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '0.1.2.3', '10.0.0.1', '172.16.0.1'],
  ...['172.31.255.255', '192.168.1.1', '100.64.0.1', '100.127.255.255'],
  // link-local and metadata
  ...['169.254.169.254', '169.254.0.1', '168.63.129.16', '100.100.100.200', '192.0.0.192'],
  // multicast, broadcast, reserved, documentation, benchmarking
  ...['224.0.0.1', '239.255.255.255', '255.255.255.255', '240.0.0.1', '192.0.2.1'],
  ...['198.51.100.1', '203.0.113.1', '198.18.0.1', '198.19.255.255', '192.88.99.1'],
  // IPv6: loopback, unspecified, unique local, link-local, site-local, multicast, documentation,
  // discard
  ...['::1', '::', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1'],
  ...['ff02::1', '2001:db8::1', '100::1', '3fff::1', '5f00::1', '4000::1'],
  // IPv4 in IPv6: mapped, compatible, translated, NAT64, local NAT64, 6to4, Teredo
  ...['::ffff:127.0.0.1', '::ffff:a00:1', '::127.0.0.1', '::ffff:0:10.0.0.1', '64:ff9b::10.0.0.1'],
  ...['64:ff9b::a9fe:a9fe', '64:ff9b:1::8.8.8.8', '2002:7f00:1::', '2002:a9fe:a9fe::1'],
  ...['2002:c0a8:101::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  // no addresses
  ...['', 'example.com', '1.2.3.4.5', 'g::1'],
])('%j is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

const PUBLIC = { allowPrivateNetwork: false, allowHttp: false };

test.each([
  'https://example.com/hook?a=1',
  'https://example.com:8443/',
  'https://8.8.8.8/',
  'https://[2606:4700:4700::1111]/',
  'https://bücher.example/',
  'https://example.com./',
  'https://example.com/?to=ada@example.com',
  `https://${'a'.repeat(63)}.example.com/`,
])('%s may be an endpoint', (url) => {
  expect(webhookUrlError(url, PUBLIC)).toBeUndefined();
});

test.each([
  ['http://example.com/', /https.*WEBHOOK_ALLOW_HTTP=true/],
  ['ftp://example.com/', /http/],
  ['file:///etc/passwd', /http/],
  ['javascript:alert(1)', /http/],
  ['https://', /URL/],
  ['/hook', /URL/],
  ['https://example.com/a b', /URL/],
  ['https://example.com/\n', /URL/],
  ['https://ada@example.com/', /user name/],
  ['https://ada:pw@example.com/', /user name/],
  ['https://@example.com/', /user name/],
  ['https://:@example.com/', /user name/],
  ['https://example..com/', /1 to 63/],
  ['https://.example.com/', /1 to 63/],
  [`https://${'a'.repeat(64)}.example.com/`, /1 to 63/],
  [`https://${'a.'.repeat(125)}example.com/`, /253/],
  ['https://localhost/', /public internet.*WEBHOOK_ALLOW_PRIVATE_NETWORK=true/],
  ['https://LOCALHOST./', /public internet/],
  ['https://a.localhost/', /public internet/],
  ['https://printer.local/', /public internet/],
  ['https://metadata.google.internal/', /public internet/],
  ['https://intranet/', /public internet/],
  ['https://127.0.0.1/', /127\.0\.0\.1; .*WEBHOOK_ALLOW_PRIVATE_NETWORK=true/],
  ['https://2130706433/', /127\.0\.0\.1/],
  ['https://0x7f.1/', /127\.0\.0\.1/],
  ['https://017700000001/', /127\.0\.0\.1/],
  ['https://１２７.0.0.1/', /127\.0\.0\.1/],
  ['https://[::1]/', /::1/],
  ['https://[::ffff:169.254.169.254]/', /a9fe/],
  ['https://example.com:22/', /port 22/],
  ['https://example.com:25/', /port 25/],
  ['https://example.com:6379/', /port 6379/],
  [`https://example.com/${'x'.repeat(2048)}`, /2048/],
])('%s may not be an endpoint', (url, reason) => {
  expect(webhookUrlError(url, PUBLIC)).toMatch(reason);
});

test('http and private addresses are accepted where the operator allows them', () => {
  const policy = { allowPrivateNetwork: true, allowHttp: true };
  expect(webhookUrlError('http://127.0.0.1:8080/', policy)).toBeUndefined();
  expect(webhookUrlError('http://localhost:22/', policy)).toBeUndefined();
  expect(webhookUrlError('http://a@localhost/', policy)).toMatch(/user name/);
});
