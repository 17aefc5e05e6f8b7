import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { loadConfig } from '../../src/config.js';

test('the settings in the systemd unit are variables of Flowgate with valid values', async () => {
  const unit = await readFile('deploy/flowgate.service', 'utf8');
  const [, settings] = /^Environment=(.+)$/m.exec(unit)!;
  const environment = Object.fromEntries(settings!.split(' ').map((pair) => pair.split('=')));
  expect(loadConfig(environment)).toMatchObject({
    dataDir: '/var/lib/flowgate',
    demo: false,
    warnings: [],
  });
  expect(loadConfig({ ...environment, FLOWGATE_DMEO: 'x' }).warnings).toHaveLength(1);
});
