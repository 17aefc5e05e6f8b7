import { formatInstant } from '../domain/shared/time.js';
import type { DemoAccess } from './demo.js';
import { DAY_MS } from '../domain/shared/durations.js';

/** What the first start prints: where to look, how to sign in, and commands to paste. */
export function welcome(
  url: string,
  { username, password, token, sensorIds }: DemoAccess,
  now: Date,
): string {
  const start = wholeSeconds(now.getTime() - DAY_MS);
  const end = wholeSeconds(now.getTime());
  const sensor = `${url}/api/v1/flow_sensors/${sensorIds[0]}`;
  const query = JSON.stringify({
    query: `{ flowSensors { nodes { name silentSince flowVolume(start: "${start}", end: "${end}") { volume coverage } } } }`,
  });
  return `
A demo account was created, with ${sensorIds.length} sensors and a month of pings. They keep sending.

  App      ${url}/app/
  REST     ${url}/api/v1/flow_sensors/
  GraphQL  ${url}/graphql

  username ${username}
  password ${password}
  token    ${token}

Try:

  curl -H "Authorization: Token ${token}" ${url}/api/v1/flow_sensors/

  curl -u ${username}:${password} ${sensor}/flow_volume_hours/${start}/${end}/

  curl -H "Authorization: Token ${token}" -H "Content-Type: application/json" -d '${query}' ${url}/graphql

This is shown once. A lost password is replaced by: npx flowgate user set-password ${username}
FLOWGATE_DEMO=false starts without a demo, and lets its sensors send no more.
`;
}

function wholeSeconds(time: number): string {
  return formatInstant(new Date(Math.floor(time / 1000) * 1000));
}
