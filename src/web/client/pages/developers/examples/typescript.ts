import type { ExampleOptions, Examples } from './example-options.js';

/** For Node.js 20 or newer, without any package. */
export function typescriptExamples({
  origin,
  sensorId,
  start,
  end,
  now,
}: ExampleOptions): Examples {
  const sensor = `${origin}/api/v1/flow_sensors/${sensorId}`;
  return {
    read: `const response = await fetch(
  '${sensor}/flow_volume/${start}/${end}/',
  { headers: { Authorization: \`Token \${process.env.FLOWGATE_TOKEN}\` } },
);
if (!response.ok) throw new Error(await response.text());
const { sensor_name, flow_volume } = await response.json();
console.log(sensor_name, flow_volume, 'bbl');`,
    record: `const response = await fetch('${sensor}/pings/', {
  method: 'POST',
  headers: {
    Authorization: \`Token \${process.env.FLOWGATE_TOKEN}\`,
    'Content-Type': 'application/json',
  },
  body: JSON.stringify([{ flowrate: 1250.5, datetime: '${now}' }]),
});
if (!response.ok) throw new Error(await response.text());
console.log(await response.json());`,
    verify: `import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';

const secret = process.env.FLOWGATE_WEBHOOK_SECRET ?? '';
const key = Buffer.from(secret.replace('whsec_', ''), 'base64');

function isGenuine(headers: IncomingHttpHeaders, body: Buffer): boolean {
  const sentAt = String(headers['webhook-timestamp']);
  if (!(Math.abs(Date.now() / 1000 - Number(sentAt)) <= 300)) return false;
  const mac = createHmac('sha256', key);
  mac.update(\`\${headers['webhook-id']}.\${sentAt}.\`).update(body);
  const expected = Buffer.from(\`v1,\${mac.digest('base64')}\`);
  // After a rotation there are two signatures, separated by a space.
  return String(headers['webhook-signature']).split(' ').some((each) => {
    const signature = Buffer.from(each);
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  });
}

createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const genuine = isGenuine(request.headers, body);
  // Store webhook-id: one that you have seen before is the same event again. A test has no number
  // and is not a reading.
  const number = request.headers['fc-sequence'] ?? 'test';
  if (genuine) console.log(number, JSON.parse(body.toString()).data);
  response.writeHead(genuine ? 204 : 401).end();
}).listen(Number(process.env.PORT ?? 8000), '127.0.0.1');`,
  };
}
