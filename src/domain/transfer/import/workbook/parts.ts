import { ImportErrors } from '../errors.js';
import { MAX_PART_BYTES, type Archive } from './archive.js';
import { readXml } from './xml.js';

/** What a workbook says of its sheets and cells. */
export interface WorkbookParts {
  /** of the sheet that is read */
  readonly sheetName: string;
  readonly sheetPart: string;
  /** how many sheets there are */
  readonly sheetCount: number;
  /** whether day 0 is 1 January 1904 */
  readonly is1904: boolean;
  readonly strings: readonly string[];
  /** whether a number with that style is a datetime */
  readonly dateStyles: readonly boolean[];
}

const WORKBOOK = 'xl/workbook.xml';
const MAX_STRINGS = 2_000_000;

/** Reads all but the sheets. The sheet is the first that is not hidden. */
export async function readParts(archive: Archive): Promise<WorkbookParts> {
  if (!archive.has(WORKBOOK)) {
    throw ImportErrors.of({ message: 'The file is a ZIP archive without an Excel workbook.' });
  }
  const sheets: { name: string; id: string; isHidden: boolean }[] = [];
  let is1904 = false;
  await readXml(WORKBOOK, archive.text(WORKBOOK, MAX_PART_BYTES), {
    open: (tag, attributes) => {
      if (tag === 'workbookPr') is1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      if (tag !== 'sheet') return;
      const [, id = ''] = Object.entries(attributes).find(([key]) => /^\w+:id$/.test(key)) ?? [];
      const { name = '', state = 'visible' } = attributes;
      sheets.push({ name, id, isHidden: state !== 'visible' });
    },
  });
  const sheet = sheets.find(({ isHidden }) => !isHidden);
  if (!sheet) throw ImportErrors.of({ message: 'The Excel workbook has no visible sheet.' });
  const parts = await relationships(archive);
  return {
    sheetName: sheet.name,
    sheetPart: parts.get(sheet.id) ?? 'xl/worksheets/sheet1.xml',
    sheetCount: sheets.length,
    is1904,
    strings: await sharedStrings(archive),
    dateStyles: await dateStyles(archive),
  };
}

/** Names of parts by the id of their relationship to the workbook. */
async function relationships(archive: Archive): Promise<Map<string, string>> {
  const part = 'xl/_rels/workbook.xml.rels';
  const found = new Map<string, string>();
  if (!archive.has(part)) return found;
  await readXml(part, archive.text(part, MAX_PART_BYTES), {
    open: (tag, { Id = '', Target = '' }) => {
      if (tag !== 'Relationship') return;
      found.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`);
    },
  });
  return found;
}

async function sharedStrings(archive: Archive): Promise<string[]> {
  const part = 'xl/sharedStrings.xml';
  const strings: string[] = [];
  if (!archive.has(part)) return strings;
  let text = '';
  let isText = false;
  let isPhonetic = false;
  await readXml(part, archive.text(part, MAX_PART_BYTES), {
    open: (tag) => {
      if (tag === 'si') text = '';
      else if (tag === 'rPh') isPhonetic = true;
      else if (tag === 't') isText = !isPhonetic;
    },
    text: (piece) => {
      if (isText) text += piece;
    },
    close: (tag) => {
      if (tag === 't') isText = false;
      else if (tag === 'rPh') isPhonetic = false;
      else if (tag === 'si') {
        if (strings.length === MAX_STRINGS) {
          throw ImportErrors.of({
            message: `The Excel workbook has more than ${MAX_STRINGS} texts. Save the sheet as CSV (UTF-8).`,
          });
        }
        strings.push(text);
      }
    },
  });
  return strings;
}

/** Number formats of dates and times that every workbook has: ECMA-376 part 1, 18.8.30. */
const DATE_FORMATS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

async function dateStyles(archive: Archive): Promise<boolean[]> {
  const part = 'xl/styles.xml';
  const styles: boolean[] = [];
  if (!archive.has(part)) return styles;
  const ofDates = new Set(DATE_FORMATS);
  let isCellStyle = false;
  await readXml(part, archive.text(part, MAX_PART_BYTES), {
    open: (tag, { numFmtId = '', formatCode = '' }) => {
      if (tag === 'cellXfs') isCellStyle = true;
      if (tag === 'numFmt' && isDateFormat(formatCode)) ofDates.add(Number(numFmtId));
      if (tag === 'xf' && isCellStyle) styles.push(ofDates.has(Number(numFmtId)));
    },
    close: (tag) => {
      if (tag === 'cellXfs') isCellStyle = false;
    },
  });
  return styles;
}

/** Whether a format has a part of a date or time outside of quotes, colours and conditions. */
function isDateFormat(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[ymdhs]/i.test(bare.replace(/general/gi, ''));
}
