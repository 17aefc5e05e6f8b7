import { expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.js';

test('DATABASE_DIRECT_URL needs DATABASE_URL', () => {
  expect(() => loadConfig({ DATABASE_DIRECT_URL: 'postgresql://db/flow' })).toThrow(
    'DATABASE_DIRECT_URL needs DATABASE_URL',
  );
});

test('DATABASE_REPLICA_URLS is a list, and needs DATABASE_URL', () => {
  const urls = 'postgresql://a/flow, postgresql://b/flow,';
  expect(() => loadConfig({ DATABASE_REPLICA_URLS: urls })).toThrow(
    'DATABASE_REPLICA_URLS needs DATABASE_URL',
  );
  expect(loadConfig({ DATABASE_URL: 'x', DATABASE_REPLICA_URLS: urls })).toMatchObject({
    replicaUrls: ['postgresql://a/flow', 'postgresql://b/flow'],
    replicaMaxLagMs: 250,
  });
  expect(() => loadConfig({ DATABASE_REPLICA_MAX_LAG: '10s' })).toThrow(
    'DATABASE_REPLICA_MAX_LAG must be a whole number from 1 to 60000, not "10s"',
  );
});
