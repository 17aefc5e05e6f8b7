import { SMALL_SIZE, TEXT_SIZE, type Pages } from './pages.js';

export interface TableColumn {
  readonly title: string;
  /** of the table's width */
  readonly share: number;
  readonly isNumber?: boolean;
}

const PADDING = 2;
const LINE = SMALL_SIZE + 2 * PADDING;

/**
 * Writes a table, with its heading again on each page. Numbers that are too wide are written smaller,
 * texts on several lines: nothing is cut.
 * @param total the last row, which is set off
 */
export function writeTable(
  pages: Pages,
  columns: readonly TableColumn[],
  rows: Iterable<readonly string[]>,
  total?: readonly string[],
): void {
  const heading = () =>
    writeRow(
      pages,
      columns,
      columns.map(({ title }) => title),
      'bold',
    );
  pages.require(4 * LINE);
  heading();
  for (const row of rows) {
    if (pages.require(heightOf(pages, columns, row))) heading();
    writeRow(pages, columns, row, 'regular');
  }
  if (total) {
    pages.require(LINE);
    writeRow(pages, columns, total, 'bold');
  }
  pages.space(2 * PADDING);
}

function heightOf(pages: Pages, columns: readonly TableColumn[], texts: readonly string[]): number {
  const { document } = pages;
  document.fontSize(SMALL_SIZE);
  const heights = cells(pages, columns).map(({ width, isNumber }, index) =>
    isNumber ? 0 : document.heightOfString(texts[index] ?? '', { width }),
  );
  return Math.max(LINE, ...heights.map((height) => height + 2 * PADDING));
}

function writeRow(
  pages: Pages,
  columns: readonly TableColumn[],
  texts: readonly string[],
  font: 'regular' | 'bold',
): void {
  const { document, left, width } = pages;
  const top = document.y;
  document.font(font);
  const height = heightOf(pages, columns, texts);
  cells(pages, columns).forEach((cell, index) => {
    const text = texts[index] ?? '';
    document.fontSize(SMALL_SIZE);
    const share = cell.isNumber ? Math.min(1, cell.width / document.widthOfString(text)) : 1;
    document.fontSize(SMALL_SIZE * share * (share < 1 ? 0.99 : 1));
    document.text(text, cell.x, top + PADDING, {
      width: cell.width,
      align: cell.isNumber ? 'right' : 'left',
    });
  });
  document
    .moveTo(left, top + height)
    .lineTo(left + width, top + height)
    .lineWidth(font === 'bold' ? 0.8 : 0.3)
    .strokeColor(font === 'bold' ? '#333' : '#bbb')
    .stroke();
  document.font('regular').fontSize(TEXT_SIZE);
  document.x = left;
  document.y = top + height;
}

/** The insides of a row's cells. */
function cells(
  { left, width }: Pages,
  columns: readonly TableColumn[],
): { x: number; width: number; isNumber: boolean }[] {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  let before = 0;
  return columns.map(({ share, isNumber = false }) => {
    const x = left + (width * before) / shares + PADDING;
    before += share;
    return { x, width: (width * share) / shares - 2 * PADDING, isNumber };
  });
}
