import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld, type Tenant } from '../../helpers/graphql.js';

let world: GraphQLWorld;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const LIST = `query ($first: Int, $before: ID) { imports(first: $first, before: $before) {
  id importedAt importedBy fileName sha256 options rows readings inserted duplicates corrected sensorsCreated
  undoneAt undoneBy undoneReasonCode undoneComment
  sensors { sensorId name isCreated readings inserted corrected start end }
} }`;
const UNDO = `mutation ($id: ID!, $reasonCode: ReasonCode, $comment: String) {
  undoImport(id: $id, reasonCode: $reasonCode, comment: $comment) { id undoneBy undoneReasonCode undoneComment }
}`;

async function* bytes(text: string): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(text));
}

async function load({ principal }: Tenant, hour: number): Promise<string> {
  const file = `sensor_name,datetime,flowrate\nWell,2024-03-01T0${hour}:00:00Z,${hour}\n`;
  const { id } = await world.instance.services.imports.load(principal, bytes(file), {
    ...{ settings: {}, createSensors: true, dryRun: false, onConflict: 'REJECT', comment: 'test' },
    fileName: `${hour}.csv`,
  });
  return String(id);
}

test('readers list the imports of their account, the newest first, and administrators undo one', async () => {
  const { instance, ours, theirs } = world;
  const ids = [await load(ours, 1), await load(ours, 2), await load(ours, 3)];
  await load(theirs, 1);
  const { imports } = await instance.ask(ours.reader, LIST);
  expect(imports.map(({ id }: { id: string }) => id)).toEqual([...ids].reverse());
  expect(imports[2]).toMatchObject({
    ...{ importedBy: 'operator', fileName: '1.csv', rows: 1, readings: 1, inserted: 1 },
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    sensors: [{ name: 'Well', isCreated: true, start: '2024-03-01T01:00:00Z' }],
  });
  expect(JSON.parse(imports[2].options as string)).toMatchObject({ onConflict: 'REJECT' });
  const page = await instance.ask(ours.reader, LIST, { first: 1, before: ids[2] });
  expect(page.imports).toMatchObject([{ id: ids[1] }]);

  const variables = { id: ids[1], reasonCode: 'DATA_ENTRY', comment: 'wrong' };
  const refused = await instance.query(ours.ingester, UNDO, variables);
  expect(refused.errors[0]!.extensions.code).toBe('FORBIDDEN');
  const foreign = await instance.query(theirs.admin, UNDO, variables);
  expect(foreign.errors[0]).toMatchObject({
    message: `There is no import ${ids[1]}.`,
    extensions: { code: 'NOT_FOUND' },
  });
  expect((await instance.ask(ours.admin, UNDO, variables)).undoImport).toEqual({
    ...{ id: ids[1], undoneReasonCode: 'DATA_ENTRY', undoneComment: 'wrong' },
    undoneBy: expect.stringMatching(/^token:/),
  });
  const again = await instance.query(ours.admin, UNDO, variables);
  expect(again.errors[0]!.extensions.code).toBe('CONFLICT');
});

test('a page of imports has a size, and an undoing a reason of the account', async () => {
  const { instance, ours } = world;
  for (const first of [0, 101]) {
    const { errors } = await instance.query(ours.reader, LIST, { first });
    expect(errors[0]).toMatchObject({
      message: `Must be from 1 to 100; got ${first}.`,
      extensions: { code: 'BAD_USER_INPUT', field: 'first' },
    });
  }
  const id = await load(ours, 4);
  const { errors } = await instance.query(ours.admin, UNDO, { id, reasonCode: 'NONE_SUCH' });
  expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'reasonCode' });
  const unknown = await instance.query(ours.admin, UNDO, { id: 'x' });
  expect(unknown.errors[0]!.extensions.code).toBe('NOT_FOUND');
});
