import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { deliveryHeaders } from '../../src/webhooks/headers.js';

// The example of
// https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/index.test.ts
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const AT = new Date(1_614_265_330_000);
const MESSAGE = {
  webhookId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  sequence: '7',
  isTest: false,
  body: '{"test": 2432232314}',
};
const TARGET = { endpointId: 1, accountId: 1, revision: 0, url: 'https://example.com/' };

test('the headers match the published example, and carry the secret and the number', () => {
  expect(deliveryHeaders({ ...TARGET, secrets: [SECRET] }, MESSAGE, AT)).toEqual({
    'Content-Type': 'application/json',
    'User-Agent': 'Flowgate',
    'FC-Signature': SECRET,
    'FC-Sequence': '7',
    'webhook-id': MESSAGE.webhookId,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('each valid secret signs, the newest first, and the official verifier accepts either', () => {
  const old = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
  const at = new Date();
  const headers = deliveryHeaders({ ...TARGET, secrets: [SECRET, old] }, MESSAGE, at);
  const [first, second] = headers['webhook-signature']!.split(' ');
  expect(first).toBe(new Webhook(SECRET).sign(MESSAGE.webhookId, at, MESSAGE.body));
  expect(second).toBe(new Webhook(old).sign(MESSAGE.webhookId, at, MESSAGE.body));
  for (const secret of [SECRET, old]) {
    expect(new Webhook(secret).verify(MESSAGE.body, headers)).toEqual({ test: 2432232314 });
  }
  expect(headers['FC-Signature']).toBe(SECRET);
});
