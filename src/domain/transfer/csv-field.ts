/** Text as a field of CSV (RFC 4180). */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The same for a file that is opened in a spreadsheet, which would run a text that begins like a
 * formula: an apostrophe before it makes it text.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export function spreadsheetField(text: string): string {
  return csvField(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
}
