import { SaxesParser } from 'saxes';
import { ImportErrors } from '../errors.js';

export interface XmlHandlers {
  /** names are without their namespace's prefix */
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

/** Of a single tag or text, which the parser keeps whole. */
const MAX_CHARACTERS = 1 << 21;

/**
 * Parses a part of a workbook in pieces. Entities that the part declares are not expanded.
 * @throws ImportErrors
 */
export class XmlReader {
  private readonly parser = new SaxesParser();
  private unhandled = 0;

  constructor(
    private readonly part: string,
    { open, text, close }: XmlHandlers,
  ) {
    this.parser.on('error', ({ message }) => {
      throw this.damaged(message);
    });
    this.parser.on('opentag', ({ name, attributes }) => {
      this.unhandled = 0;
      open?.(local(name), attributes);
    });
    this.parser.on('closetag', ({ name }) => {
      this.unhandled = 0;
      close?.(local(name));
    });
    if (text) {
      this.parser.on('text', text);
      this.parser.on('cdata', text);
    }
  }

  read(piece: string): void {
    this.unhandled += piece.length;
    this.parser.write(piece);
    if (this.unhandled > MAX_CHARACTERS) throw this.damaged('a text is too long');
  }

  private damaged(message: string): ImportErrors {
    return ImportErrors.of({
      message: `The Excel workbook is damaged in ${this.part}: ${message}.`,
    });
  }

  end(): void {
    this.parser.close();
  }
}

export async function readXml(
  part: string,
  text: AsyncIterable<string>,
  handlers: XmlHandlers,
): Promise<void> {
  const reader = new XmlReader(part, handlers);
  for await (const piece of text) reader.read(piece);
  reader.end();
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
