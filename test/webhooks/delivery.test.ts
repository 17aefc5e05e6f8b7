import { Webhook } from 'standardwebhooks';
import { createWebhookStage, TestReceiver, until, type WebhookStage } from '../helpers/webhooks.js';

let stage: WebhookStage;
let receiver: TestReceiver;

beforeEach(async () => {
  stage = await createWebhookStage();
  receiver = await new TestReceiver().listen();
  stage.webhookWorker.start();
});

afterEach(async () => {
  await stage.close();
  await receiver.close();
  expect(stage.faults).toEqual([]);
});

/** The endpoint's deliveries once there are so many that are over, oldest first. */
async function settled(endpointId: number, count: number) {
  return until(async () => {
    const windows = await stage.webhookDeliveries.windows(stage.principal, [endpointId], {
      filter: {},
      take: 100,
      from: 'last',
    });
    const over = windows
      .get(endpointId)!
      .deliveries.filter(({ attempts, status }) => attempts.length > 0 && status !== undefined);
    return over.length >= count && over.reverse();
  });
}

test('each newly stored ping is POSTed once, as documented, with the secret and the Standard Webhooks headers', async () => {
  const { principal, pings, sensorId } = stage;
  const endpoint = await stage.webhooks.create(principal, { url: receiver.url });
  await pings.record(
    principal,
    [{ sensorId, flowrate: 759.9, datetime: new Date('2019-02-05T20:15:08Z') }],
    { onConflict: 'REJECT' },
  );
  const [hit] = await receiver.received(1);
  const last = (await pings.last(principal, [sensorId])).get(sensorId)!;
  expect(hit!.body).toBe(
    `{"type":"ping_received","api_version":"1","data":{"id":${last.id},"sensor_id":${sensorId},` +
      `"sensor_name":"Sensor 1","flowrate":759.9,"datetime":"2019-02-05T20:15:08Z"}}`,
  );
  expect(hit!.path).toBe('/hook?a=1');
  expect(hit!.headers['content-type']).toBe('application/json');
  expect(hit!.headers['fc-signature']).toBe(endpoint.secret);
  expect(endpoint.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(
    new Webhook(endpoint.secret!).verify(hit!.body, hit!.headers as Record<string, string>),
  ).toEqual(JSON.parse(hit!.body));
  const [delivery] = await settled(endpoint.id, 1);
  expect(delivery).toMatchObject({
    status: 'SUCCEEDED',
    webhookId: hit!.headers['webhook-id'],
    sequence: '1',
    payload: hit!.body,
    attempts: [{ status: 200, response: 'ok' }],
    nextAttemptAt: null,
  });
  expect(receiver.hits).toHaveLength(1);
});
