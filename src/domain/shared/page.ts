import { NotFoundError } from './errors.js';

/** Which page of a list: a whole number from 1, or the last one. */
export type PageNumber = number | 'last';

export const PAGE_SIZE = 1000;

const MAX_PAGE = 2 ** 31 - 1;

/** The number of a page, how many pages there are, and how many rows they have together. */
export interface PagePlace {
  readonly count: number;
  readonly page: number;
  readonly pages: number;
}

/**
 * The page among those that `count` rows fill, or undefined where there is no such page; an empty
 * list has one.
 */
export function pageOf(count: number, requested: PageNumber): PagePlace | undefined {
  const pages = Math.max(1, Math.ceil(count / PAGE_SIZE));
  const page = requested === 'last' ? pages : requested;
  return page >= 1 && page <= pages ? { count, page, pages } : undefined;
}

export function noSuchPage(): NotFoundError {
  return new NotFoundError('Invalid page.');
}

/**
 * The page as a statement's parameter: null for the last; a number too large for it is a page that
 * never exists.
 */
export function pageNumberParameter(requested: PageNumber): number | null {
  return requested === 'last' ? null : Math.min(Math.max(requested, 1), MAX_PAGE);
}
