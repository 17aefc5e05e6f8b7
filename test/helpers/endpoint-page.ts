import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ADMIN, startWeb, type Web } from './web.js';
import { TestReceiver } from './webhooks.js';

/** The page of a webhook endpoint that leads to a receiver; a new one of all three for each test. */
export interface EndpointPage {
  readonly web: Web;
  readonly receiver: TestReceiver;
  readonly page: Page;
  /** the endpoint's */
  readonly id: number;
}

/** Has the tests of a file run on a server whose webhooks are sent. Its fields are there once a test begins. */
export function useEndpointPage(): EndpointPage {
  const stage = {} as { -readonly [Field in keyof EndpointPage]: EndpointPage[Field] };

  beforeAll(async () => {
    stage.web = await startWeb();
    stage.web.server.services.webhookWorker.start();
  });
  afterAll(async () => {
    await stage.web.server.services.webhookWorker.close(2000);
    await stage.web.close();
  });

  beforeEach(async () => {
    const { web } = stage;
    const { webhooks } = web.server.services;
    stage.receiver = await new TestReceiver().listen();
    const { url } = stage.receiver;
    ({ id: stage.id } = await webhooks.create(web.ours.principal, { url }));
    stage.page = await web.open(`/app/developers/endpoints/${stage.id}`, { user: ADMIN });
    await stage.page.getByRole('heading', { name: url }).waitFor();
  });
  afterEach(async () => {
    await stage.page.context().close();
    await stage.web.server.services.webhooks.delete(stage.web.ours.principal, stage.id);
    await stage.receiver.close();
  });

  return stage;
}
