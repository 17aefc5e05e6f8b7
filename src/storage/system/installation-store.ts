import type { Database } from '../postgres/database.js';
import { disabledEndpoints, installation, sensorSample, zoneOffsets } from './sql/installation.js';

export interface Installation {
  readonly mayMakeTemporary: boolean;
  readonly mayCreate: boolean;
  readonly isReadOnly: boolean;
  readonly maxConnections: number;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly autovacuum: string;
}

/** What `flowgate doctor` examines in the database, over all accounts. */
export class InstallationStore {
  constructor(private readonly database: Database) {}

  async read(): Promise<Installation> {
    const [row] = await this.database.query<Installation & { [name: string]: unknown }>(
      installation,
      [],
    );
    return row!;
  }

  /** By how many seconds local time is ahead of UTC in each zone at each instant. */
  async zoneOffsets(zones: readonly string[], instants: readonly Date[]): Promise<number[]> {
    const rows = await this.database.query<{ offset: number }>(zoneOffsets, [zones, instants]);
    return rows.map(({ offset }) => offset);
  }

  async sensorSample(size: number): Promise<number[]> {
    return (await this.database.query<{ id: number }>(sensorSample, [size])).map(({ id }) => id);
  }

  async disabledEndpoints(): Promise<number[]> {
    return (await this.database.query<{ id: number }>(disabledEndpoints, [])).map(({ id }) => id);
  }
}
