import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  float8Array,
  int4Array,
  int8Array,
  jsonbArray,
  timestamptzArray,
} from '../../../src/storage/postgres/binary-array.js';
import { parameterText } from '../../../src/storage/postgres/parameter-text.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const INSTANTS = ['1969-12-31T23:59:59.999Z', '2026-02-03T04:05:06.007Z'].map((at) => new Date(at));

test.each<[string, unknown]>([
  ['int', 7],
  ['text', `it's "quoted" \\ {,}`],
  ['boolean', false],
  ['int', null],
  ['int[]', int4Array([])],
  ['int[]', int4Array([-1, 2_147_483_647])],
  ['int[]', [3, 5]],
  ['bigint[]', int8Array(['9007199254740993'])],
  ['float8[]', float8Array([0.1, -1e300, Infinity, NaN])],
  ['timestamptz[]', timestamptzArray(INSTANTS)],
  ['timestamptz[]', ['-infinity', '9999-12-31T23:59:59.999Z']],
  ['jsonb[]', jsonbArray(['{"a":"\\"b"}', '[null]'])],
  ['text[]', [`it's "quoted" \\ {,}`, 'NULL', null, '']],
])('a parameter of type %s is the same as text: %j', async (type, value) => {
  const { rows } = await db.database.pool.query<{ same: boolean }>(
    `SELECT $1::${type} IS NOT DISTINCT FROM $2::text::${type} AS same`,
    [value, parameterText(value)],
  );
  expect(rows).toEqual([{ same: true }]);
});
