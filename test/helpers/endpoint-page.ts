import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ADMIN, startWeb, type Web } from './web.js';
import { TestReceiver } from './webhooks.js';

/** The page of a webhook endpoint whose URL is a receiver; each test gets new ones of all three. */
export interface EndpointPage {
  readonly web: Web;
  readonly receiver: TestReceiver;
  readonly page: Page;
  /** of the endpoint */
  readonly id: number;
}

/**
 * Runs the tests of a file on a server that sends webhooks. The fields are set once a test begins.
 */
export function useEndpointPage(): EndpointPage {
  const fixture = {} as { -readonly [Field in keyof EndpointPage]: EndpointPage[Field] };

  beforeAll(async () => {
    fixture.web = await startWeb();
    fixture.web.server.services.webhookWorker.start();
  });
  afterAll(async () => {
    await fixture.web.server.services.webhookWorker.close(2000);
    await fixture.web.close();
  });

  beforeEach(async () => {
    const { web } = fixture;
    const { webhooks } = web.server.services;
    fixture.receiver = await new TestReceiver().listen();
    const { url } = fixture.receiver;
    ({ id: fixture.id } = await webhooks.create(web.ours.principal, { url }));
    fixture.page = await web.open(`/app/developers/endpoints/${fixture.id}`, { user: ADMIN });
    await fixture.page.getByRole('heading', { name: url }).waitFor();
  });
  afterEach(async () => {
    await fixture.web.keep(fixture.page);
    await fixture.web.server.services.webhooks.delete(fixture.web.ours.principal, fixture.id);
    await fixture.receiver.close();
  });

  return fixture;
}
