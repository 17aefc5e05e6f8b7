import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CsvError, CsvReader, type CsvRow } from '../../../src/domain/transfer/import/csv.js';

test('CSV records read back with their lines, however they are quoted and wherever pieces are cut', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é', '1') });
  const records = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
  fc.assert(
    fc.property(
      records,
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      (rows, lineBreak, endsWithBreak, size) => {
        const text = rows.map((row) => row.map(quoted).join(',')).join(lineBreak);
        const read = readAll(endsWithBreak && text ? text + lineBreak : text, size);
        expect(read.map(({ fields }) => fields)).toEqual(rows);
        let line = 1;
        for (const [index, row] of rows.entries()) {
          expect(read[index]?.line).toBe(line);
          line += 1 + row.join('').split('\n').length - 1;
        }
      },
    ),
  );
});

test('unquoted fields keep their spaces and quotes', () => {
  expect(readAll('a b, c"d",\n')).toEqual([{ line: 1, fields: ['a b', ' c"d"', ''] }]);
});

test('blank lines are not records but count as lines', () => {
  expect(readAll('a,b\n\r\n\nc,d')).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 4, fields: ['c', 'd'] },
  ]);
});

test.each([
  ['a,b\nc,"d\ne,f\n', 2, /not closed/],
  ['a,b\n"c"d,e\n', 2, /followed by something else/],
  ['a,"b\nc"x\n', 2, /followed by something else/],
  [`a,b\n${'x'.repeat(1_100_000)}`, 2, /longer than/],
  [`a,b\nc,"${'x\n'.repeat(600_000)}`, 2, /not closed/],
])('text that is not CSV is refused with its line (%#)', (text, line, message) => {
  const read = () => readAll(text, 1 << 16);
  expect(read).toThrow(CsvError);
  expect(read).toThrow(message);
  expect(read).toThrow(expect.objectContaining({ line }));
});

function quoted(field: string): string {
  return /[",\r\n]/.test(field) || field.startsWith(' ')
    ? `"${field.replaceAll('"', '""')}"`
    : field;
}

function readAll(text: string, size = 5): CsvRow[] {
  const reader = new CsvReader();
  const rows: CsvRow[] = [];
  for (let at = 0; at < text.length; at += size)
    rows.push(...reader.read(text.slice(at, at + size)));
  return [...rows, ...reader.end()];
}
