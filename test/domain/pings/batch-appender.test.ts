import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BatchAppender } from '../../../src/domain/pings/batch-appender.js';
import type { RecordRequest } from '../../../src/domain/pings/record-batch.js';
import { NO_OUTBOX } from '../../../src/storage/pings/ping-outbox.js';
import { PingWriter } from '../../../src/storage/pings/ping-writer.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const MIDNIGHT = Date.parse('2024-05-01T00:00:00Z');

let telemetry: Telemetry;
let appender: BatchAppender;
beforeAll(async () => {
  telemetry = await createTelemetry();
  appender = new BatchAppender(new PingWriter(telemetry.test.database, NO_OUTBOX));
});
afterAll(() => telemetry.test.drop());

/** With readings of each second between two. */
function request(sensorId: number, first: number, end: number): RecordRequest {
  return {
    principal: telemetry.principal,
    sensorIds: [sensorId],
    pings: Array.from({ length: end - first }, (_, index) => {
      const datetime = new Date(MIDNIGHT + (first + index) * 1000);
      return { sensorId, datetime, flowrate: index };
    }),
    options: { onConflict: 'REJECT' },
    admission: { admit: () => undefined },
    arrival: 0,
    traceparent: undefined,
  } as unknown as RecordRequest;
}

async function isAppended(...args: Parameters<typeof request>): Promise<boolean> {
  const [appended] = await appender.append([request(...args)]);
  return appended !== undefined;
}

test('a batch that is too long to be appended does not keep the next ones from it', async () => {
  const sensorId = await telemetry.newSensor();
  await isAppended(sensorId, 0, 4001);
  expect(await isAppended(sensorId, 5000, 5010)).toBe(true);
});

test('where appending was in vain the next batch is not tried', async () => {
  const sensorId = await telemetry.newSensor();
  expect(await isAppended(sensorId, 10, 20)).toBe(true);
  expect(await isAppended(sensorId, 0, 5)).toBe(false);
  expect(await isAppended(sensorId, 30, 40)).toBe(false);
  expect(await isAppended(sensorId, 30, 40)).toBe(true);
});

test('a batch of two days does not keep the next one from being appended', async () => {
  const sensorId = await telemetry.newSensor();
  expect(await isAppended(sensorId, 86_395, 86_405)).toBe(false);
  expect(await isAppended(sensorId, 86_410, 86_420)).toBe(true);
});
