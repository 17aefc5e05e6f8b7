import { PingPublisher } from '../realtime/ping-publisher.js';
import { Realtime } from '../realtime/realtime.js';
import type { Database } from '../storage/postgres/database.js';
import { Notifications } from '../storage/postgres/notifications.js';
import { PingRangeStore } from '../storage/pings/pings-by-id-range.js';

/** @param onFault hears of what is tried again */
export function createRealtime(database: Database, onError: (error: unknown) => void): Realtime {
  const notifications = new Notifications(database);
  return new Realtime({ notifications, recorded: new PingRangeStore(database), onError });
}

/** What a process that only records tells the servers by. */
export function createPublisher(
  database: Database,
  onError: (error: unknown) => void,
): PingPublisher {
  return new PingPublisher(new Notifications(database), onError);
}
