import { ImportErrors } from '../errors.js';
import { Archive, MAX_WORKBOOK_BYTES } from './archive.js';
import { readParts } from './parts.js';
import { sheetAsCsv } from './sheet.js';

/**
 * Reads the first visible sheet of an Excel workbook (.xlsx, ECMA-376) as CSV that is separated by
 * commas. The packed file and its texts are kept in memory, the sheet is not.
 * @param onKept called with the number of bytes of the packed file that are kept
 * @throws ImportErrors where it is no workbook, damaged or too large
 */
export async function readWorkbook(
  bytes: AsyncIterable<Uint8Array>,
  onKept: (bytes: number) => void = () => undefined,
): Promise<{ text: AsyncGenerator<string>; recognised: string[] }> {
  const archive = await Archive.open(await whole(bytes, onKept));
  const parts = await readParts(archive);
  const { sheetName, sheetCount } = parts;
  const which = sheetCount > 1 ? `the first of ${sheetCount} sheets, ` : 'the sheet ';
  const recognised = [`${which}${JSON.stringify(sheetName)}, of an Excel workbook`];
  return { text: sheetAsCsv(archive, parts), recognised };
}

async function whole(
  bytes: AsyncIterable<Uint8Array>,
  onKept: (bytes: number) => void,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    onKept(piece.length);
    pieces.push(piece);
    length += piece.length;
    if (length > MAX_WORKBOOK_BYTES) {
      throw ImportErrors.of({
        message: `An Excel workbook may have at most ${MAX_WORKBOOK_BYTES / 2 ** 20} MiB. Save the sheet as CSV (UTF-8).`,
      });
    }
  }
  return Buffer.concat(pieces);
}
