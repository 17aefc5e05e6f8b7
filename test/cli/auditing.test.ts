import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { usgsSensors } from '../../src/demo/usgs.js';
import type { StatementFile } from '../../src/domain/statements/document.js';
import {
  call,
  createServerWorld,
  JSON_BODY,
  sendGraphQL,
  token,
  type World,
} from '../helpers/server.js';
import { runFlowgate } from './flowgate.js';

const NOW = new Date('2024-06-30T12:00:00Z');
const RANGE = { start: '2024-06-03T11:00:00Z', end: '2024-06-28T11:00:00Z' };

let world: World;
let folder: string;
beforeAll(async () => {
  world = await createServerWorld();
  folder = await mkdtemp(path.join(tmpdir(), 'flowgate-auditing-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await world.close();
});

async function graphql(query: string, variables: object = {}): Promise<any> {
  const { data, errors } = await sendGraphQL(world, world.ours.admin, query, variables);
  expect(errors).toBeUndefined();
  return data;
}

async function post(sensor: string, pings: readonly object[], query = ''): Promise<any> {
  const { body } = await call(world.server.url, `/api/v1/flow_sensors/${sensor}/pings/${query}`, {
    ...{ method: 'POST', headers: { ...token(world.ours.admin), ...JSON_BODY } },
    body: JSON.stringify(pings),
  });
  return body;
}

const run = (...args: string[]) => runFlowgate({ DATABASE_URL: world.test.url }, args);

interface Day {
  readonly start: string;
  readonly figures: { readonly volume: number };
}

const FIGURES = `sensors { sensor { id } total { volume } days { start figures { volume } } }`;
const ADJUSTMENTS = `adjustments { totalCount nodes { id start status causes reasonCodes revisions
  sensor { id } before { volume } after { volume } delta { volume } appliedIn { id } } }`;

test('a month of real gauges is closed, corrected, adjusted, stated and verified', async () => {
  const gauges = await usgsSensors(NOW);
  const ids: string[] = [];
  for (const { name, readings } of gauges) {
    const { createFlowSensor } = await graphql(
      `
        mutation ($name: String!) {
          createFlowSensor(input: { name: $name }) {
            id
          }
        }
      `,
      { name },
    );
    ids.push(createFlowSensor.id);
    const pings = readings.map(([at, flowrate]) => ({ datetime: new Date(at), flowrate }));
    expect(await post(createFlowSensor.id, pings)).toEqual({
      ...{ recorded: readings.length, duplicates: 0 },
    });
  }
  const [creek, run1] = ids as [string, string];

  // Close.
  const { createSensorGroup: group } = await graphql(`
    mutation {
      saveCalendar(
        input: { name: "contract day", timeZone: "America/New_York", dayStart: "07:00" }
      ) {
        name
      }
      createSensorGroup(input: { name: "June", calendar: "contract day" }) {
        id
      }
    }
  `);
  await graphql(`mutation { setSensorGroupMembers(id: ${group.id}, members: [
    { sensorId: ${creek}, direction: IN }, { sensorId: ${run1}, direction: OUT }]) { id } }`);
  const range = `group: ${group.id}, start: "${RANGE.start}", end: "${RANGE.end}"`;
  const { periodPreview } = await graphql(
    `{ periodPreview(${range}) { incomplete { id } ${FIGURES} } }`,
  );
  expect(periodPreview.incomplete).toEqual([]);
  const { closePeriod: period } = await graphql(
    `mutation { closePeriod(${range}) { id status ${FIGURES} } }`,
  );
  expect(period).toMatchObject({ status: 'CLOSED', sensors: periodPreview.sensors });
  const closed: { sensor: { id: string }; days: Day[] }[] = period.sensors;
  expect(closed.map(({ days }) => days.length)).toEqual([25, 25]);

  // Correct: a wrong reading, one that was missing, and a stretch that is substituted.
  const [wrong] = gauges[0]!.readings.filter(([at]) => at >= Date.parse('2024-06-10T15:00:00Z'));
  const late = { datetime: '2024-06-12T20:07:00Z', flowrate: 3 * wrong![1] };
  const corrected = { datetime: new Date(wrong![0]), flowrate: 2 * wrong![1] };
  expect(
    await post(creek, [corrected], '?on_conflict=overwrite&reason_code=CALIBRATION'),
  ).toMatchObject({
    recorded: 1,
  });
  expect(await post(creek, [late])).toMatchObject({ recorded: 1 });
  await graphql(`mutation { substitutePings(sensorId: ${run1}, start: "2024-06-20T15:00:00Z",
    end: "2024-06-20T18:00:00Z", method: EQUAL_SPREAD, value: 10, reasonCode: METER_ERROR) { id } }`);

  // Adjust.
  const read = async () =>
    (await graphql(`{ period(id: ${period.id}) { ${ADJUSTMENTS} } }`)).period.adjustments.nodes;
  const pending = await read();
  expect(pending).toMatchObject([
    { ...{ start: '2024-06-10T11:00:00Z', causes: ['CORRECTIONS'], reasonCodes: ['CALIBRATION'] } },
    { ...{ start: '2024-06-12T11:00:00Z', causes: ['LATE_READINGS'], reasonCodes: ['LATE_DATA'] } },
    { ...{ start: '2024-06-20T11:00:00Z', causes: ['SUBSTITUTION'], sensor: { id: run1 } } },
  ]);
  const [first, second, third] = pending.map(({ id }: { id: string }) => id);
  await graphql(
    `mutation { acceptAdjustments(ids: ["${first}", "${third}"], comment: "agreed") { id } }`,
  );
  await graphql(`mutation { rejectAdjustments(ids: ["${second}"], comment: "not agreed") { id } }`);
  const next = `group: ${group.id}, end: "2024-06-29T11:00:00Z"`;
  const { closePeriod: later } = await graphql(`mutation { closePeriod(${next}) { id start } }`);
  expect(later.start).toBe(RANGE.end);
  expect(await read()).toMatchObject([
    { status: 'ACCEPTED', appliedIn: { id: later.id } },
    { status: 'REJECTED', appliedIn: null },
    { status: 'ACCEPTED', appliedIn: { id: later.id } },
  ]);

  // State and verify: the statement has the closed figures with all adjustments.
  const issue = `sensorIds: [${creek}, ${run1}], start: "${RANGE.start}", end: "${RANGE.end}", calendar: "contract day"`;
  await graphql(`mutation { issueStatement(input: { ${issue} }) { number } }`);
  const file = await call(world.server.url, '/app/statements/1.json', {
    headers: token(world.ours.reader),
  });
  const june = path.join(folder, 'june.json');
  await writeFile(june, file.text);
  expect(await run('verify', june)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('valid: statement 1'),
  });
  const adjustments: { sensor: { id: string }; start: string; delta: { volume: number } }[] =
    await read();
  for (const { content } of (file.body as StatementFile).sensors) {
    const own = closed.find(({ sensor }) => sensor.id === String(content.id))!;
    expect(content.days).toHaveLength(own.days.length);
    for (const [index, { start, figures }] of own.days.entries()) {
      const deltas = adjustments
        .filter((each) => each.sensor.id === own.sensor.id && each.start === start)
        .reduce((sum, { delta }) => sum + delta.volume, 0);
      expect(content.days[index]).toMatchObject({ start });
      expect(figures.volume + deltas).toBeCloseTo(content.days[index]!.volume, 5);
    }
  }
  expect(await run('audit', 'check', '--account', 'ours')).toMatchObject({ status: 0 });
  const { auditEvents } = await graphql('{ auditEvents(first: 20) { nodes { type } } }');
  const types = auditEvents.nodes.map(({ type }: { type: string }) => type);
  expect(types.slice(0, 7)).toEqual([
    ...['STATEMENT_ISSUED', 'PERIOD_CLOSED', 'ADJUSTMENTS_REJECTED', 'ADJUSTMENTS_ACCEPTED'],
    ...['PINGS_SUBSTITUTED', 'PINGS_CORRECTED', 'PERIOD_CLOSED'],
  ]);
});
