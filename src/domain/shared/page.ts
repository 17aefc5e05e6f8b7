import { NotFoundError } from './errors.js';

/** Which page of a list: a whole number from 1, or the last one. */
export type PageNumber = number | 'last';

export const PAGE_SIZE = 1000;

const MOST_PAGES = 2 ** 31 - 1;

/** Which of how many pages one is, and how many rows they have together. */
export interface PagePlace {
  readonly count: number;
  readonly page: number;
  readonly pages: number;
}

/** The page among those that `count` rows make, or undefined where there is no such page; an empty list has one. */
export function pageOf(count: number, requested: PageNumber): PagePlace | undefined {
  const pages = Math.max(1, Math.ceil(count / PAGE_SIZE));
  const page = requested === 'last' ? pages : requested;
  return page >= 1 && page <= pages ? { count, page, pages } : undefined;
}

export function noSuchPage(): NotFoundError {
  return new NotFoundError('Invalid page.');
}

/** What a statement is given for a page: null for the last; beyond what it takes, a page that is never there. */
export function pageNumberParameter(requested: PageNumber): number | null {
  return requested === 'last' ? null : Math.min(Math.max(requested, 1), MOST_PAGES);
}
