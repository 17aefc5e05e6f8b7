import type pg from 'pg';

/** @returns a list to which the texts of the statements are added that connections of these pools send from now on */
export function sentStatements(...pools: readonly pg.Pool[]): string[] {
  const texts: string[] = [];
  for (const pool of pools) {
    for (const client of (pool as any)._clients) listenTo(client, texts);
    pool.on('connect', (client) => listenTo(client, texts));
  }
  return texts;
}

function listenTo(client: any, texts: string[]): void {
  const query = client.query.bind(client);
  client.query = (...args: any[]) => {
    texts.push(typeof args[0] === 'string' ? args[0] : args[0].text);
    return query(...args);
  };
}
