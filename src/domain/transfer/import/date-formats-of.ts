const TIME = String.raw`(\d{1,2}):\d\d(:\d\d(\.\d+)?)?(\s?[AP]\.?M\.?)?`;
const NUMERIC = new RegExp(
  String.raw`^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:\s+${TIME})?$`,
  'i',
);
const NAMED = new RegExp(String.raw`^(\d{1,2})([ -])[A-Z]{3}\2(\d{4}|\d{2})(?:\s+${TIME})?$`, 'i');
const BARE = new Map([
  ['epoch-s', /^\d{10}(?:[.,]\d+)?$/],
  ['epoch-ms', /^\d{13}$/],
  ['epoch-us', /^\d{16}$/],
  ['epoch-ns', /^\d{19}$/],
  ['excel', /^\d{5}(?:[.,]\d+)?$/],
  ['YYYYMMDDHHmmss', /^\d{14}$/],
  ['YYYYMMDDHHmm', /^\d{12}$/],
  ['YYYYMMDD', /^\d{8}$/],
]);

/** Whether a text has as many digits as people write in a format of digits alone. */
export function mayHaveFormat(text: string, format: string): boolean {
  return BARE.get(format)?.test(text) ?? true;
}

/** The values of --date-format that would read a text: several where it is ambiguous. */
export function dateFormatsOf(text: string): string[] {
  const bare = [...BARE].find(([, pattern]) => pattern.test(text));
  if (bare) return [bare[0]];
  const named = NAMED.exec(text);
  if (named) {
    const [, , separator = '', year = '', ...time] = named;
    return [`D${separator}MMM${separator}${yearToken(year)}${timeTokens(time)}`];
  }
  const [, first = '', separator = '', second = '', year = '', ...time] = NUMERIC.exec(text) ?? [];
  if (first === '') return [];
  const orders = [
    ...(Number(first) <= 12 && separator !== '.' ? [['M', 'D']] : []),
    ...(Number(second) <= 12 ? [['D', 'M']] : []),
  ];
  return orders.map((order) => `${[...order, yearToken(year)].join(separator)}${timeTokens(time)}`);
}

function yearToken(year: string): string {
  return year.length === 4 ? 'YYYY' : 'YY';
}

/** With tokens of one letter, which read one digit and two. */
function timeTokens([hour, seconds, fraction, half]: (string | undefined)[]): string {
  if (hour === undefined) return '';
  const hours = half ? 'h' : 'H';
  const spacedHalf = half ? `${/^\s/.test(half) ? ' ' : ''}A` : '';
  return ` ${hours}:mm${seconds ? ':ss' : ''}${fraction ? '.SSS' : ''}${spacedHalf}`;
}
