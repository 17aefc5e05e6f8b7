import { createRequire } from 'node:module';

type Document = PDFKit.PDFDocument;

/** US Letter, in points. */
const MARGIN = 54;
const FOOTER = 24;
const MIN_BELOW_HEADING = 60;

export const TEXT_SIZE = 9;
export const SMALL_SIZE = 7.5;

const resolve = createRequire(import.meta.url).resolve;

/** The pages of a document, which are written from top to bottom. */
export class Pages {
  private number = 0;
  readonly left = MARGIN;
  readonly width: number;

  private constructor(
    readonly document: Document,
    private readonly footer: string,
  ) {
    this.width = document.page.width - 2 * MARGIN;
    document.on('pageAdded', () => this.addFooter());
    this.addFooter();
  }

  /**
   * @param created the document's date: one that is written again has the same bytes
   * @param footer of each page, before its number
   */
  static async create(title: string, created: Date, footer: string): Promise<Pages> {
    // Loaded where it is needed: few processes write such a file.
    const { default: PDFDocument } = await import('pdfkit');
    const document = new PDFDocument({
      size: 'LETTER',
      margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOTER },
      info: { Title: title, CreationDate: created, Producer: 'Flowgate', Creator: 'Flowgate' },
      lang: 'en-US',
      displayTitle: true,
      font: resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
    });
    document.registerFont('regular', resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'));
    document.registerFont('bold', resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'));
    document.font('regular');
    return new Pages(document, footer);
  }

  /** The bottom of what may be written on. */
  get bottom(): number {
    return this.document.page.height - MARGIN - FOOTER;
  }

  newPage(): void {
    this.document.addPage();
  }

  /** Begins a page where the current one has no room for that height, in points. */
  require(height: number): boolean {
    if (this.document.y + height <= this.bottom) return false;
    this.newPage();
    return true;
  }

  heading(text: string, size: number): void {
    // A heading stays with what it is of.
    this.require(size * 2 + MIN_BELOW_HEADING);
    this.document.font('bold').fontSize(size).text(text, this.left, this.document.y);
    this.document.font('regular').fontSize(TEXT_SIZE).moveDown(0.4);
  }

  paragraph(text: string, size = TEXT_SIZE): void {
    const { document, left, width } = this;
    document.fontSize(size).text(text, left, document.y, { width }).moveDown(0.4);
  }

  space(height: number): void {
    this.document.y += height;
  }

  private addFooter(): void {
    const { document, left, width } = this;
    const { x, y } = document;
    const top = document.page.height - MARGIN - FOOTER / 2;
    // Below the margin a text would begin a page of its own.
    const { bottom } = document.page.margins;
    document.page.margins.bottom = 0;
    document.font('regular').fontSize(SMALL_SIZE).fillColor('#555');
    document.text(`${this.footer} · page ${++this.number}`, left, top, { width, lineBreak: false });
    document.page.margins.bottom = bottom;
    document.fillColor('black').fontSize(TEXT_SIZE);
    [document.x, document.y] = [x, y];
  }
}
