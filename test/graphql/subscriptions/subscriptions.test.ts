import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPair, flowrates, take, WAYS, type Pair } from '../../helpers/subscriptions.js';

let world: Pair;
beforeAll(async () => {
  world = await createPair();
});
afterAll(() => world.close());

describe.each(Object.entries(WAYS))('pingReceived over %s', (_, subscribe) => {
  test('pingReceived reports each newly stored ping, recorded by any instance', async () => {
    const id = await world.newSensor(world.ours, 'subscribed');
    const results = await subscribe(world.instance, world.ours.reader);
    await world.record(world.instance, id, [1]);
    await world.record(world.second, id, [2]);
    await world.record(world.instance, id, [3, 4]);
    const taken = await take(results, 4);
    // In the order of ids as far as what came through both instances came together.
    expect(flowrates(taken).sort()).toEqual([1, 2, 3, 4]);
    const [first] = taken.filter((result) => flowrates([result])[0] === 1);
    expect(first.data.pingReceived).toEqual({
      id: expect.stringMatching(/^\d+$/),
      flowrate: 1,
      datetime: expect.stringMatching(/Z$/),
      sensor: { id: String(id), name: 'subscribed' },
    });
    await results.end();
  });

  test('pingReceived reports nothing of another account, nor of sensors other than those asked for', async () => {
    const [asked, other] = [await world.newSensor(), await world.newSensor()];
    const theirs = await world.newSensor(world.theirs);
    const results = await subscribe(world.second, world.ours.reader, { ids: [asked, theirs, 'x'] });
    await world.record(world.instance, theirs, [1], world.theirs);
    await world.record(world.instance, other, [2]);
    await world.record(world.instance, asked, [3]);
    expect(flowrates(await take(results, 1))).toEqual([3]);
    await results.end();
  });

  test('pingReceived reports no duplicates and no corrections', async () => {
    const id = await world.newSensor();
    const { pings } = world.instance.services;
    const ping = { sensorId: id, datetime: new Date('2026-01-01T00:00:00Z'), flowrate: 1 };
    await pings.record(world.ours.principal, [ping], { onConflict: 'REJECT' });
    const results = await subscribe(world.instance, world.ours.reader, { ids: [id] });
    await pings.record(world.ours.principal, [ping], { onConflict: 'REJECT' });
    await pings.record(world.ours.principal, [{ ...ping, flowrate: 2 }], {
      onConflict: 'OVERWRITE',
    });
    await world.record(world.instance, id, [3]);
    expect(flowrates(await take(results, 1))).toEqual([3]);
    await results.end();
  });

  test('pingReceived reports thousands of pings at once, more than fit in a notification', async () => {
    const sensors = await Promise.all([1, 2, 3].map(() => world.newSensor()));
    const results = await subscribe(world.second, world.ours.reader, { ids: sensors });
    const many = Array.from({ length: 1500 }, (_, index) => index);
    await Promise.all(sensors.map((id) => world.record(world.instance, id, many)));
    const taken = await take(results, 4500);
    for (const id of sensors) {
      const ofSensor = taken.filter(({ data }) => data.pingReceived.sensor.id === String(id));
      expect(flowrates(ofSensor)).toEqual(many);
    }
    await results.end();
  });

  test('pingReceived reports the pings of hundreds of simultaneous requests in the order of ids', async () => {
    const sensors = await Promise.all(Array.from({ length: 20 }, () => world.newSensor()));
    const results = await subscribe(world.instance, world.ours.reader, { ids: sensors });
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        sensors.map((id, index) =>
          world.record(index % 2 ? world.instance : world.second, id, [round]),
        ),
      );
    }
    const taken = await take(results, 200);
    expect(new Set(taken.map(({ data }) => data.pingReceived.id)).size).toBe(200);
    for (const id of sensors) {
      const ofSensor = taken.filter(({ data }) => data.pingReceived.sensor.id === String(id));
      expect(flowrates(ofSensor)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    await results.end();
  });
});
