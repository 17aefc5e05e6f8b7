import { expect, test } from '@jest/globals';
import { createLog } from '../../src/http/log.js';

test('secrets are redacted in logs', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => lines.push(line) });
  log.info({ authorization: 'Token s3cret', headers: { cookie: 's3cret' } }, 'one');
  log.info({ request: { headers: { authorization: 's3cret' } }, password: 's3cret' }, 'two');
  log.debug('not at this level');
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain('s3cret');
  expect(JSON.parse(lines[0]!)).toMatchObject({ msg: 'one', authorization: '[redacted]' });
});
