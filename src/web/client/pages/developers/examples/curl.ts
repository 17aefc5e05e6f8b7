import type { ExampleOptions, Examples } from './example-options.js';

/** For a POSIX shell. */
export function curlExamples({ origin, sensorId, start, end, now }: ExampleOptions): Examples {
  const sensor = `${origin}/api/v1/flow_sensors/${sensorId}`;
  return {
    read: `export FLOWGATE_TOKEN='your token'

curl -H "Authorization: Token $FLOWGATE_TOKEN" \\
  ${sensor}/flow_volume/${start}/${end}/`,
    record: `curl -H "Authorization: Token $FLOWGATE_TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{"flowrate": 1250.5, "datetime": "${now}"}' \\
  ${sensor}/pings/`,
    verify: `# The headers of a request you received, and its exact body in body.json.
SECRET='whsec_…'
WEBHOOK_ID='…'
WEBHOOK_TIMESTAMP='…'

KEY=$(printf %s "\${SECRET#whsec_}" | base64 -d | od -An -tx1 | tr -d ' \\n')
{ printf '%s.%s.' "$WEBHOOK_ID" "$WEBHOOK_TIMESTAMP"; cat body.json; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64
# The header webhook-signature must contain "v1," followed by what this prints.`,
  };
}
