import { expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.js';

const BROKER = {
  FLOWGATE_MQTT_URL: 'mqtt://broker.example.com',
  FLOWGATE_MQTT_ACCOUNT: 'demo',
  FLOWGATE_MQTT_PROFILE: 'sparkplug',
};

test('a host application of Sparkplug has an id and the form of the names of sensors', () => {
  const name = { group: 'Plant', node: 'Edge', device: 'Pump', metric: 'Flow' };
  const usual = loadConfig(BROKER).mqtt!;
  expect(usual.topics.map(({ filter }) => filter)).toEqual(['spBv1.0/#']);
  expect(usual.hostId).toBeUndefined();
  expect(usual.sensor.nameOf(name)).toBe('Plant/Edge/Pump/Flow');
  expect(usual.sensor.nameOf({ ...name, device: undefined })).toBe('Plant/Edge//Flow');
  const set = { FLOWGATE_MQTT_SENSOR: '{node} {device}', FLOWGATE_MQTT_HOST_ID: 'flow' };
  const { hostId, sensor } = loadConfig({ ...BROKER, ...set }).mqtt!;
  expect(hostId).toBe('flow');
  expect(sensor.nameOf(name)).toBeUndefined();
  expect(sensor.nameOf({ ...name, metric: 'flowrate' })).toBe('Edge Pump');
});

test.each([
  [{ FLOWGATE_MQTT_TOPICS: 'site/#' }, 'FLOWGATE_MQTT_TOPICS must begin with spBv1.0/'],
  [{ FLOWGATE_MQTT_TOPICS: 'spBv1.0/{sensor}/#' }, 'FLOWGATE_MQTT_TOPICS must begin with'],
  [
    { FLOWGATE_MQTT_PROFILE: 'plain', FLOWGATE_MQTT_SENSOR: '{metric}' },
    'FLOWGATE_MQTT_SENSOR and FLOWGATE_MQTT_HOST_ID need FLOWGATE_MQTT_PROFILE=sparkplug',
  ],
  [
    { FLOWGATE_MQTT_PROFILE: 'plain', FLOWGATE_MQTT_HOST_ID: 'flow' },
    'FLOWGATE_MQTT_SENSOR and FLOWGATE_MQTT_HOST_ID need FLOWGATE_MQTT_PROFILE=sparkplug',
  ],
])('settings of Sparkplug that do not fit together are refused: %j', (variables, message) => {
  expect(() => loadConfig({ ...BROKER, ...variables })).toThrow(message);
});
