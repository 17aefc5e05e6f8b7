import type { ExampleOptions, Examples } from './example-options.js';

/** For Python 3.9 or newer, without any package. */
export function pythonExamples({ origin, sensorId, start, end, now }: ExampleOptions): Examples {
  const sensor = `${origin}/api/v1/flow_sensors/${sensorId}`;
  return {
    read: `import json, os, urllib.request

request = urllib.request.Request(
    "${sensor}/flow_volume/${start}/${end}/",
    headers={"Authorization": f"Token {os.environ['FLOWGATE_TOKEN']}"},
)
with urllib.request.urlopen(request) as response:
    volume = json.load(response)
print(volume["sensor_name"], volume["flow_volume"], "bbl")`,
    record: `import json, os, urllib.request

request = urllib.request.Request(
    "${sensor}/pings/",
    method="POST",
    headers={
        "Authorization": f"Token {os.environ['FLOWGATE_TOKEN']}",
        "Content-Type": "application/json",
    },
    data=json.dumps([{"flowrate": 1250.5, "datetime": "${now}"}]).encode(),
)
with urllib.request.urlopen(request) as response:
    print(json.load(response))`,
    verify: `import base64, hashlib, hmac, json, os, time
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode(os.environ["FLOWGATE_WEBHOOK_SECRET"].removeprefix("whsec_"))


def is_genuine(headers, body):
    sent_at = headers.get("webhook-timestamp", "")
    if not sent_at.isdigit() or abs(time.time() - int(sent_at)) > 300:
        return False
    signed = f"{headers.get('webhook-id', '')}.{sent_at}.".encode() + body
    mac = hmac.new(KEY, signed, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(mac).decode()
    # After a rotation there are two signatures, separated by a space.
    signatures = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(expected, each) for each in signatures)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        genuine = is_genuine(self.headers, body)
        if genuine:
            # Store webhook-id: one that you have seen before is the same event again.
            # A test has no number and is not a reading.
            print(self.headers.get("FC-Sequence", "test"), json.loads(body)["data"], flush=True)
        self.send_response(204 if genuine else 401)
        self.end_headers()


HTTPServer(("127.0.0.1", int(os.environ.get("PORT", 8000))), Receiver).serve_forever()`,
  };
}
