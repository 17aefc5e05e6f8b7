import type { ServerResponse } from 'node:http';

/**
 * Waits until a client has taken most of what was written to it, or with 'finish' all of it, or its
 * connection is closed.
 */
export function taken(response: ServerResponse, event: 'drain' | 'finish'): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off(event, done).off('close', done);
      resolve();
    };
    response.on(event, done).on('close', done);
    if (response.writableFinished || response.destroyed) done();
  });
}
