import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const SAVE = `mutation ($input: SaveImportProfileInput!) {
  saveImportProfile(input: $input) { name savedBy savedAt settings { ${settingsFields()} } }
}`;
const LIST = `{ importProfiles { name settings { ${settingsFields()} } } }`;

function settingsFields(): string {
  return `columns { sensorId sensorName datetime flowrate latitude } wide delimiter decimal encoding skipLines
    timeZone dateFormat where { column value } nullValues skipEmpty unit`;
}

const SETTINGS = {
  columns: {
    sensorId: null,
    sensorName: 'Tag',
    datetime: 'Date+Time',
    flowrate: 'Value',
    latitude: null,
  },
  wide: null,
  delimiter: ';',
  decimal: ',',
  encoding: 'windows-1252',
  skipLines: 2,
  timeZone: 'Europe/Berlin',
  dateFormat: 'DD.MM.YYYY HH:mm',
  where: [{ column: 'quality', value: 'Good' }],
  nullValues: ['-999999', ''],
  skipEmpty: true,
  unit: 'M3_PER_HOUR',
};

test('an administrator saves, replaces and deletes import profiles, which readers of the account see', async () => {
  const { instance, ours, theirs } = world;
  const input = { name: 'Plant 2', settings: SETTINGS };
  const { saveImportProfile } = await instance.ask(ours.admin, SAVE, { input });
  expect(saveImportProfile).toEqual({
    ...input,
    savedBy: expect.stringMatching(/^token:/),
    savedAt: expect.any(String),
  });
  expect((await instance.ask(ours.reader, LIST)).importProfiles).toEqual([input]);
  expect((await instance.ask(theirs.reader, LIST)).importProfiles).toEqual([]);

  const replaced = { name: 'Plant 2', settings: { wide: true } };
  await instance.ask(ours.admin, SAVE, { input: replaced });
  const { importProfiles } = await instance.ask(ours.reader, LIST);
  expect(importProfiles).toMatchObject([{ settings: { wide: true, columns: null, unit: null } }]);

  const remove = 'mutation { deleteImportProfile(name: "Plant 2") }';
  expect(await errorOf(theirs.admin, remove)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await instance.ask(ours.admin, remove)).toEqual({ deleteImportProfile: 'Plant 2' });
  expect(await errorOf(ours.admin, remove)).toMatchObject({ code: 'NOT_FOUND' });
});

test.each<[string, object, string, RegExp]>([
  ['a name that is empty', { name: '', settings: {} }, 'name', /empty/],
  ['a delimiter of two characters', settings({ delimiter: ';;' }), 'settings.delimiter', /";;"/],
  [
    'a time zone that is an abbreviation',
    settings({ timeZone: 'CST' }),
    'settings.timeZone',
    /CST/,
  ],
  [
    'a date format without a day',
    settings({ dateFormat: 'YYYY-MM' }),
    'settings.dateFormat',
    /a day/,
  ],
  ['an unknown encoding', settings({ encoding: 'utf-7' }), 'settings.encoding', /"utf-7"/],
  ['a decimal separator', settings({ decimal: ';' }), 'settings.decimal', /";"/],
  ['lines to skip', settings({ skipLines: -1 }), 'settings.skipLines', /-1/],
  [
    'a condition',
    settings({ where: [{ column: '', value: 'x' }] }),
    'settings.where.0.column',
    /empty/,
  ],
])(
  'a profile with %s that is wrong is refused, with the path of the field',
  async (_, input, field, message) => {
    const { ours } = world;
    const error = await errorOf(ours.admin, SAVE, { input });
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
      message: expect.stringMatching(message),
    });
  },
);

test('only administrators save and delete import profiles', async () => {
  const { ours } = world;
  const input = { name: 'x', settings: {} };
  expect(await errorOf(ours.reader, SAVE, { input })).toMatchObject({ code: 'FORBIDDEN' });
  const remove = 'mutation { deleteImportProfile(name: "x") }';
  expect(await errorOf(ours.reader, remove)).toMatchObject({ code: 'FORBIDDEN' });
});

async function errorOf(token: string, text: string, variables?: object) {
  const { errors } = await world.instance.query(token, text, variables);
  const { message, extensions } = errors[0]!;
  return { message, ...extensions };
}

function settings(wrong: object): object {
  return { name: 'x', settings: wrong };
}
