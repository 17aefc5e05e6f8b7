import type { PagePlace } from '../domain/shared/page.js';
import { jsonText, type RestResponse } from './response.js';

/** The address of a list, as the client wrote it. */
export interface ListAddress {
  /** scheme, host and path */
  readonly url: string;
  readonly query: URLSearchParams;
}

/** A page in the documented envelope. @param results the text of a JSON array */
export function listResponse(
  { count, page, pages }: PagePlace,
  results: string,
  address: ListAddress,
): RestResponse {
  const next = page < pages ? link(address, page + 1) : 'null';
  const previous = page > 1 ? link(address, page - 1) : 'null';
  return jsonText(`{"count":${count},"next":${next},"previous":${previous},"results":${results}}`);
}

/** The same list at another page; the first one has no `page`. */
function link({ url, query }: ListAddress, page: number): string {
  const target = new URLSearchParams(query);
  target.delete('page');
  if (page > 1) target.set('page', String(page));
  target.sort();
  const text = [...target].map(([name, value]) => `${quote(name)}=${quote(value)}`).join('&');
  return JSON.stringify(text ? `${url}?${text}` : url);
}

/** As Python's quote_plus(), so that links equal those of the documented service. */
function quote(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
