import { expect, test } from '@jest/globals';
import { duplicatesOf } from '../../src/domain/webhooks/duplicates.js';

const ENDPOINT = {
  id: 1,
  url: 'https://example.com/hook',
  sensorIds: null as number[] | null,
  eventTypes: ['ping_received'],
  enabled: true,
};

test.each([
  ['the same URL and events', {}, {}],
  ['the same URL, spelled otherwise', { url: 'https://EXAMPLE.com:443/hook' }, {}],
  ['one event type of several', { eventTypes: ['pings_deleted', 'ping_received'] }, {}],
  ['a sensor, where the other receives all', { sensorIds: [4] }, {}],
  ['a common sensor', { sensorIds: [4, 5] }, { sensorIds: [3, 4] }],
])('an endpoint is a duplicate if it has %s', (_what, other, own) => {
  const endpoint = { ...ENDPOINT, ...own };
  expect(duplicatesOf(endpoint, [endpoint, { ...ENDPOINT, id: 2, ...other }])).toEqual([2]);
});

test.each([
  ['another path', { url: 'https://example.com/other' }, {}],
  ['another event type', { eventTypes: ['ping_corrected'] }, {}],
  ['other sensors', { sensorIds: [5] }, { sensorIds: [4] }],
  ['the state disabled', { enabled: false }, {}],
])('an endpoint is not a duplicate if it has %s', (_what, other, own) => {
  const endpoint = { ...ENDPOINT, ...own };
  expect(duplicatesOf(endpoint, [endpoint, { ...ENDPOINT, id: 2, ...other }])).toEqual([]);
});
