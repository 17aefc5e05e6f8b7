/** A benchmark's result, as a table of docs/performance.md. */
export interface Report {
  readonly title: string;
  /** Markdown that says what was measured and how */
  readonly text: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Pads the cells so that the table is readable as plain text too. */
export function markdown({ title, text, header, rows }: Report): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.max(...lines.map((line) => line[column]!.length), 3),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [`### ${title}`, '', text, '', line(header), rule, ...rows.map(line), ''].join('\n');
}

/** With three significant digits. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 1000) return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
  return String(Number(value.toPrecision(3)));
}

/** A figure with its target, and whether it reaches it. */
export function against(value: number, sign: '≥' | '≤', goal: number): string {
  const reached = sign === '≥' ? value >= goal : value <= goal;
  return `${figure(value)} (${sign} ${goal}) ${reached ? '✓' : '✗'}`;
}
