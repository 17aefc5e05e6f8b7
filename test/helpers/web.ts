import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { accountServices } from './accounts.js';
import { launchBrowser } from './browser.js';
import { createServerWorld, type World } from './server.js';

const HOUR_MS = 3_600_000;
export const USER = { username: 'ada', password: 'a right password' };
/** an administrator of the same account */
export const ADMIN = { username: 'grace', password: 'another right password' };
export const ZONE = 'America/Chicago';
const VIEWPORT = { width: 1440, height: 900 };
const ACTION_TIMEOUT_MS = 120_000;

/** A real server with an account as it is in use, and a real browser. */
export interface Web extends World {
  readonly browser: Browser;
  /** what any page requested, in order */
  readonly requested: URL[];
  /** errors in any page's console */
  readonly errors: string[];
  readonly sensors: Readonly<Record<'flowing' | 'reverse' | 'stale' | 'outage' | 'empty', number>>;
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** a page of the app, signed in, by default as USER; all pages of a user share a session */
  open(path: string, options?: BrowserContextOptions & { user?: typeof USER }): Promise<Page>;
  /**
   * Lets the next `open` without options use a page again, because a process of the browser for each
   * takes as long as most tests. Closes it where it was opened with options.
   */
  keep(page: Page): Promise<void>;
  /** what axe finds wrong with its accessibility as it is now */
  violations(page: Page): Promise<string[]>;
  /** the same in both themes and at both widths, and where it is wider than its window */
  problems(page: Page): Promise<string[]>;
}

export async function startWeb(): Promise<Web> {
  const world = await createServerWorld();
  const { users } = accountServices(world.test.database);
  await users.create(world.ours.principal, USER);
  await users.create(world.ours.principal, { ...ADMIN, role: 'ADMIN' });
  const sensors = await fillAccount(world);
  const browser = await launchBrowser();
  const requested: URL[] = [];
  const errors: string[] = [];
  const sessions = new Map<string, StorageState>();
  const openedBy = new Map<Page, string>();
  const kept = new Map<string, Page>();
  const newPage = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({
      baseURL: world.server.url,
      timezoneId: ZONE,
      viewport: VIEWPORT,
      ...options,
    });
    // Ends what hangs; a busy machine may take long.
    context.setDefaultTimeout(ACTION_TIMEOUT_MS);
    const page = await context.newPage();
    page.on('request', (request) => requested.push(new URL(request.url())));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    return page;
  };
  return {
    ...world,
    browser,
    requested,
    errors,
    sensors,
    newPage,
    open: async (path, { user = USER, ...options } = {}) => {
      const { username } = user;
      const storageState = sessions.get(username) ?? (await signedIn(newPage, user));
      sessions.set(username, storageState);
      const isPlain = Object.keys(options).length === 0;
      const again = isPlain ? kept.get(username) : undefined;
      if (again) kept.delete(username);
      const page = again ?? (await newPage({ storageState, ...options }));
      if (isPlain) openedBy.set(page, username);
      await page.goto(path);
      return page;
    },
    keep: async (page) => {
      const username = openedBy.get(page);
      if (page.isClosed()) return;
      if (!username || kept.has(username)) {
        await page.context().close();
        return;
      }
      await reset(page, sessions.get(username)!);
      kept.set(username, page);
    },
    violations,
    problems,
    close: async () => {
      await browser.close();
      await world.close();
    },
  };
}

async function violations(page: Page): Promise<string[]> {
  // In the page itself, and reporting only violations: all else would be carried out of it and
  // back.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const result = await axe.analyze();
  return result.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
  );
}

async function problems(page: Page): Promise<string[]> {
  const found: string[] = [];
  // Colours do not depend on the width, nor widths on the theme.
  for (const [width, colorScheme] of [
    [1440, 'light'],
    [375, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await page.evaluate(finishTransitions);
    const seen = await violations(page);
    const taken = await page.evaluate(() => document.documentElement.scrollWidth);
    if (taken !== width) seen.push(`takes ${taken} px`);
    found.push(...seen.map((problem) => `${colorScheme}, ${width} px: ${problem}`));
  }
  return found;
}

/** As a new page: without what the user or a test left in it. */
async function reset(page: Page, { cookies }: StorageState): Promise<void> {
  const context = page.context();
  await page.unrouteAll();
  await context.setOffline(false);
  // Of the same origin, and without a script that could still do something.
  await page.goto('/healthz');
  await context.clearPermissions();
  await context.clearCookies();
  await context.addCookies(cookies);
  await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
  await page.setViewportSize(VIEWPORT);
  await page.emulateMedia({ colorScheme: null, media: null });
  await page.mouse.move(0, 0);
}

/** In the page: during a transition from one theme to the other, colours belong to neither. */
function finishTransitions(): void {
  for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
}

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

async function signedIn(newPage: () => Promise<Page>, user: typeof USER): Promise<StorageState> {
  const page = await newPage();
  await page.goto('/app/login');
  await signIn(page, user);
  const state = await page.context().storageState();
  await page.context().close();
  return state;
}

export async function signIn(page: Page, { username, password } = USER): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Three days of pings, a quarter of an hour apart, of sensors in several states. */
async function fillAccount({ ours: { principal }, server: { services } }: World) {
  const end = Date.now() - 60_000;
  const make = async (
    name: string,
    place: { latitude?: number; longitude?: number },
    flowrate: (hoursAgo: number) => number | undefined,
  ) => {
    const { id } = await services.sensors.create(principal, { name, ...place });
    const pings = Array.from({ length: 288 }, (_, index) => index / 4).flatMap((hoursAgo) => {
      const value = flowrate(hoursAgo);
      const datetime = new Date(end - hoursAgo * HOUR_MS);
      return value === undefined ? [] : [{ sensorId: id, flowrate: value, datetime }];
    });
    await services.pings.record(principal, pings, { onConflict: 'REJECT' });
    return id;
  };
  const texas = (latitude: number) => ({ latitude, longitude: -102 });
  return {
    flowing: await make('Midland pump', texas(32), (hour) => 24_000 + 500 * Math.sin(hour)),
    reverse: await make('Tank transfer', texas(32.4), (hour) => -4800 + 10 * hour),
    stale: await make('Crane lateral', texas(31.4), (hour) => (hour < 30 ? undefined : 1200)),
    outage: await make('Wink gathering', texas(31.8), (hour) =>
      hour > 5 && hour < 9 ? undefined : 2400,
    ),
    empty: await make('Spare meter', {}, () => undefined),
  };
}
