import type { Cluster } from './cluster.js';

/** What a cluster runs with, beyond PostgreSQL's own defaults (fsync among them). */
export interface Durability {
  /** False only for throw-away databases: a crash of the machine may lose or break them. */
  readonly durable: boolean;
  /** how many connections it accepts, of servers and commands together; 100 unless given */
  readonly maxConnections?: number;
}

const MAX_CONNECTIONS = 100;

export function settingsOf(
  cluster: Cluster,
  port: number,
  { durable, maxConnections }: Durability,
): string[] {
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: cluster.hasSocket ? '' : '127.0.0.1',
    unix_socket_directories: cluster.hasSocket ? cluster.data : '',
    unix_socket_permissions: '0700',
    max_connections: String(maxConnections ?? MAX_CONNECTIONS),
    shared_preload_libraries: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Files in the data directory: /dev/shm of a container is often 64 MB, or not there.
    dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'mmap',
    // The errors of statements are the server's to handle, and their texts may be personal.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
