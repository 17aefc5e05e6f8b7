import { expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, loadConfig } from '../../src/config.js';

test('several upstreams are set in a file; what is wrong with it is said without a secret', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'flowgate-config-'));
  const file = path.join(folder, 'upstreams.json');
  const secret = path.join(folder, 'token');
  await writeFile(secret, 'key-of-south\n');
  const load = async (content: unknown) => {
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return loadConfig({ FLOWGATE_UPSTREAMS_FILE: file, FLOWGATE_UPSTREAM_POLL: '30' }).upstreams;
  };
  const north = {
    name: 'north',
    url: 'https://north.example.com',
    account: 'demo',
    token: 'hidden',
  };
  const south = {
    ...{ name: 'south', url: 'https://south.example.com/api/v1/', account: 'demo', poll: 5 },
    ...{ token_file: secret, secret: 'whsec_hidden' },
  };
  expect(await load([north, south])).toEqual([
    { ...north, url: new URL(north.url), secret: undefined, pollMs: 30_000 },
    {
      ...{ name: 'south', url: new URL(south.url), account: 'demo', token: 'key-of-south' },
      ...{ secret: 'whsec_hidden', pollMs: 5000 },
    },
  ]);
  for (const [content, error] of [
    ['{', 'must be JSON, an array of upstreams.'],
    [north, 'the file: '],
    [[{ ...north, url: 'ftp://hidden' }], 'north.url: must be a URL such as'],
    [[{ ...north, poll: 0 }], 'north.poll: '],
    [[{ ...north, name: 'a b' }], 'a b.name: must be 1 to 64 letters'],
    [[{ ...north, Token: 'hidden' }], 'north: Unrecognized key'],
    [[{ ...north, token: undefined }], 'north: must have token or token_file.'],
    [[{ ...north, token_file: secret }], 'north: must have token or token_file, not both.'],
    [[{ ...south, token_file: `${secret}.none` }], `"${secret}.none" cannot be read (ENOENT).`],
    [[north, { ...south, name: 'north' }], 'north and north must not have the same name.'],
    [
      [north, { ...south, url: `${north.url}/api/v1` }],
      'north and south must not have the same url and account.',
    ],
    [
      [{ ...north, secret: 'whsec_hidden' }, south],
      'north and south must not have the same secret, by which their webhooks are told apart.',
    ],
  ] as const) {
    const refused = await load(content).catch((failure: Error) => failure);
    expect(refused).toBeInstanceOf(ConfigError);
    expect((refused as Error).message).toContain(`FLOWGATE_UPSTREAMS_FILE ${file}: ${error}`);
    expect((refused as Error).message).not.toContain('hidden');
  }
  expect(() =>
    loadConfig({ FLOWGATE_UPSTREAMS_FILE: file, FLOWGATE_UPSTREAM_URL: north.url }),
  ).toThrow('Set FLOWGATE_UPSTREAM_URL or FLOWGATE_UPSTREAMS_FILE, not both.');
  await rm(folder, { recursive: true });
});
