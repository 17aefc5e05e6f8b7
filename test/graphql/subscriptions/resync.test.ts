import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hello, gap } from '../../../src/realtime/message.js';
import { Notifications } from '../../../src/storage/postgres/notifications.js';
import { createPair, flowrates, take, WAYS, type Pair } from '../../helpers/subscriptions.js';

let world: Pair;
beforeAll(async () => {
  world = await createPair();
});
afterAll(() => world.close());

describe('Nothing is missed in silence', () => {
  test.each(Object.entries(WAYS))(
    'when the connection to the database breaks, a subscription over %s ends with RESYNC; another one works',
    async (_, subscribe) => {
      const id = await world.newSensor();
      const results = await subscribe(world.second, world.ours.reader, { ids: [id] });
      await world.test.database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE (query LIKE 'LISTEN%' OR query LIKE '%FROM pg_locks%') AND datname = current_database() AND pid <> pg_backend_pid()`,
      );
      const ended = await results.next().then(
        ({ value }) => value.errors,
        (errors) => errors,
      );
      expect(ended).toMatchObject([{ extensions: { code: 'RESYNC' } }]);
      await results.end();
      const again = await subscribe(world.second, world.ours.reader, { ids: [id] });
      await world.record(world.instance, id, [1]);
      expect(flowrates(await take(again, 1))).toEqual([1]);
      await again.end();
    },
  );

  test('when another instance dies before it could announce its pings, subscriptions end with RESYNC', async () => {
    const notifications = new Notifications(world.test.database);
    const dying = await notifications.listen(12_345, {
      received: () => undefined,
      broken: () => undefined,
    });
    await notifications.send([hello(12_345)]);
    const results = await WAYS.WebSocket(world.instance, world.ours.reader);
    await dying.end();
    await expect(results.next()).rejects.toMatchObject([{ extensions: { code: 'RESYNC' } }]);
    await results.end();
  });

  test('when another instance could not announce what it recorded, subscriptions end with RESYNC', async () => {
    const results = await WAYS.WebSocket(world.instance, world.ours.reader);
    await new Notifications(world.test.database).send([gap()]);
    await expect(results.next()).rejects.toMatchObject([{ extensions: { code: 'RESYNC' } }]);
    await results.end();
  });

  test('when a file was imported, subscriptions of that account end with RESYNC', async () => {
    const ours = await WAYS.WebSocket(world.instance, world.ours.reader);
    const theirs = await WAYS.WebSocket(world.instance, world.theirs.reader);
    world.second.realtime.publisher.imported(world.ours.principal.accountId);
    await expect(ours.next()).rejects.toMatchObject([{ extensions: { code: 'RESYNC' } }]);
    const id = await world.newSensor(world.theirs);
    await world.record(world.second, id, [1], world.theirs);
    expect(flowrates(await take(theirs, 1))).toEqual([1]);
    await ours.end();
    await theirs.end();
  });
});
