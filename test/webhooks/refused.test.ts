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
    const over = windows.get(endpointId)!.deliveries.filter(({ attempts }) => attempts.length > 0);
    return over.length >= count && over.reverse();
  });
}

test('redirects are not followed', async () => {
  receiver.answer = (_request, response) => response.writeHead(307, { Location: '/other' }).end();
  const { id } = await stage.webhooks.create(stage.principal, { url: receiver.url });
  await stage.record(1);
  const [delivery] = await settled(id, 1);
  expect(delivery!.attempts).toMatchObject([
    { status: 307, error: 'HTTP 307, and redirects are not followed' },
  ]);
  expect(receiver.hits.map(({ path }) => path)).toEqual(['/hook?a=1']);
});

test('a receiver that closes the connection has failed', async () => {
  receiver.answer = (request) => request.socket.destroy();
  const { id } = await stage.webhooks.create(stage.principal, { url: receiver.url });
  await stage.record(1);
  const [delivery] = await settled(id, 1);
  expect(delivery).toMatchObject({ status: 'PENDING', attempts: [{ error: 'other side closed' }] });
});
