import { expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { readerOf } from '../../../src/domain/shared/principal.js';
import { OperationAdmission } from '../../../src/graphql/execution/operation-admission.js';
import { createSchema } from '../../../src/graphql/schema.js';

const OPERATIONS = 20;
const FIELDS = Array.from({ length: 9000 }, (_, index) => `f${index}: __typename`).join(' ');

test('the event loop serves others while the costs of many long operations are computed', async () => {
  const admission = new OperationAdmission({
    schema: await createSchema(),
    sensors: { count: () => Promise.resolve(0) },
    costLimiter: { take: () => undefined },
    maxPings: 1000,
  });
  const document = parse(`{ ${FIELDS} }`);
  let turns = 0;
  const count = () => {
    turns++;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  const costs = await Promise.all(
    Array.from({ length: OPERATIONS }, () => admission.costOf(readerOf(1), { document })),
  );
  clearImmediate(counting);
  expect(new Set(costs).size).toBe(1);
  expect(turns).toBeGreaterThan(OPERATIONS / 4);
});
