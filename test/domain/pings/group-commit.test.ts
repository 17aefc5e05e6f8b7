import { describe, expect, test } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  GroupCommit,
  type GroupCommitLimits,
  type BatchOutcome,
} from '../../../src/domain/pings/group-commit.js';

const AN_HOUR_MS = 3_600_000;

/**
 * Groups that are committed when the test says so; a request's size is its length, and it needs its
 * digits.
 */
function groupCommit(
  limits: Partial<GroupCommitLimits> = {},
  orderOf: (request: string) => number = () => 0,
) {
  const begun: { requests: readonly string[]; end: () => void; fail: () => void }[] = [];
  let heard: (() => void) | undefined;
  const groups = new GroupCommit<string, string>(
    (requests) =>
      new Promise<BatchOutcome<string>[]>((resolve, reject) => {
        const end = () => resolve(requests.map((request) => ({ result: `${request}!` })));
        begun.push({ requests, end, fail: () => reject(new Error('no disk')) });
        heard?.();
      }),
    {
      sizeOf: (request) => request.length,
      lockKeysOf: (request) => (request.match(/\d/g) ?? []).map(Number),
      orderOf,
    },
    { concurrency: 2, size: 10, overlapDelayMs: AN_HOUR_MS, batchWindowMs: AN_HOUR_MS, ...limits },
  );
  return {
    submit: (...requests: string[]) =>
      Promise.all(requests.map((request) => groups.submit(request))),
    /** the n-th group, from 0, once it has begun */
    group: async (n: number) => {
      while (begun.length <= n) await new Promise<void>((resolve) => (heard = resolve));
      return begun[n]!;
    },
    begun,
  };
}

describe('group commit', () => {
  test('a request that comes alone is committed at once', async () => {
    const { submit, group } = groupCommit();
    for (const n of [0, 1, 2]) {
      const answers = submit('a');
      const { requests, end } = await group(n);
      expect(requests).toEqual(['a']);
      end();
      expect(await answers).toEqual(['a!']);
    }
  });

  test('requests that come while another is committed share the next group', async () => {
    const { submit, group } = groupCommit();
    const first = submit('a');
    const { end } = await group(0);
    const others = Promise.all([submit('b'), nextTurn().then(() => submit('c'))]);
    await nextTurn();
    await nextTurn();
    end();
    await first;
    const next = await group(1);
    expect(next.requests).toEqual(['b', 'c']);
    next.end();
    expect(await others).toEqual([['b!'], ['c!']]);
  });

  test('a group waits for the number of requests that were just answered', async () => {
    const { submit, group } = groupCommit();
    const first = submit('a', 'b');
    (await group(0)).end();
    await first;
    const others = [submit('c')];
    await nextTurn();
    await nextTurn();
    others.push(submit('d'));
    const next = await group(1);
    expect(next.requests).toEqual(['c', 'd']);
    next.end();
    expect(await Promise.all(others)).toEqual([['c!'], ['d!']]);
  });

  test('a group waits only a moment for clients that do not come again', async () => {
    const { submit, group } = groupCommit({ batchWindowMs: 1 });
    const first = submit('a', 'b');
    (await group(0)).end();
    await first;
    const last = submit('c');
    const next = await group(1);
    expect(next.requests).toEqual(['c']);
    next.end();
    expect(await last).toEqual(['c!']);
  });

  test('another group begins beside one that takes long, up to the number of groups permitted', async () => {
    const { submit, group, begun } = groupCommit({ overlapDelayMs: 1 });
    const first = submit('a');
    const slow = await group(0);
    const second = submit('b');
    const beside = await group(1);
    expect(beside.requests).toEqual(['b']);
    const third = submit('c');
    await nextTurn();
    await nextTurn();
    expect(begun).toHaveLength(2);
    beside.end();
    expect(await second).toEqual(['b!']);
    (await group(2)).end();
    expect(await third).toEqual(['c!']);
    slow.end();
    expect(await first).toEqual(['a!']);
  });

  test('no request joins a group past its size, but a larger one is a group by itself', async () => {
    const { submit, group } = groupCommit({ batchWindowMs: 0 });
    const all = submit('a large request', 'sixsix', 'four', 'b');
    for (const [n, requests] of [['a large request'], ['sixsix', 'four'], ['b']].entries()) {
      const each = await group(n);
      expect(each.requests).toEqual(requests);
      each.end();
    }
    expect(await all).toEqual(['a large request!', 'sixsix!', 'four!', 'b!']);
  });

  test('requests that need the same resource are never in two groups under way', async () => {
    const { submit, group } = groupCommit({ overlapDelayMs: 0, batchWindowMs: 0 });
    const first = submit('a12');
    const { end } = await group(0);
    const others = submit('b23', 'c4');
    const beside = await group(1);
    expect(beside.requests).toEqual(['c4']);
    beside.end();
    end();
    expect(await first).toEqual(['a12!']);
    const last = await group(2);
    expect(last.requests).toEqual(['b23']);
    last.end();
    expect(await others).toEqual(['b23!', 'c4!']);
  });

  test('no request takes what one that came earlier waits for', async () => {
    const { submit, group } = groupCommit({ overlapDelayMs: 0, batchWindowMs: 0 });
    const first = submit('a1');
    const { end } = await group(0);
    const others = submit('b12', 'c2', 'd4');
    const beside = await group(1);
    expect(beside.requests).toEqual(['d4']);
    end();
    await first;
    const next = await group(2);
    expect(next.requests).toEqual(['b12', 'c2']);
    for (const each of [beside, next]) each.end();
    expect(await others).toEqual(['b12!', 'c2!', 'd4!']);
  });

  test('a request that comes again goes before those that came after it', async () => {
    const { submit, group } = groupCommit({ batchWindowMs: 0 }, (request) => request.charCodeAt(0));
    const first = submit('a');
    const { end } = await group(0);
    const others = Promise.all([submit('c'), submit('d'), submit('b')]);
    end();
    await first;
    const next = await group(1);
    expect(next.requests).toEqual(['b', 'c', 'd']);
    next.end();
    expect(await others).toEqual([['c!'], ['d!'], ['b!']]);
  });

  test('where a commit fails, the requests of its group fail, and the next ones are committed', async () => {
    const { submit, group } = groupCommit();
    const first = Promise.allSettled([submit('a'), submit('b')]);
    (await group(0)).fail();
    for (const { status } of await first) expect(status).toBe('rejected');
    const others = submit('c', 'd');
    (await group(1)).end();
    expect(await others).toEqual(['c!', 'd!']);
  });
});
