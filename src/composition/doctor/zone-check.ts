import { ZoneOffsets } from '../../domain/shared/zone-offsets.js';
import type { InstallationStore } from '../../storage/system/installation-store.js';
import { ok, warning, type Finding } from './finding.js';

// Zones of every continent, among them ones whose rules have changed in recent years.
const ZONES = [
  'America/Chicago',
  'America/Mexico_City',
  'America/Sao_Paulo',
  'Europe/London',
  'Europe/Kyiv',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Almaty',
  'Australia/Sydney',
  'Pacific/Auckland',
];
const MONTHS = 24;

/** Whether Node.js and PostgreSQL know the same rules of time zones, this year and next. */
export async function checkZones(installation: InstallationStore): Promise<Finding> {
  const year = new Date().getUTCFullYear();
  const pairs = ZONES.flatMap((zone) =>
    Array.from({ length: MONTHS }, (_, month) => [zone, new Date(Date.UTC(year, month))] as const),
  );
  const offsets = await installation.zoneOffsets(
    pairs.map(([zone]) => zone),
    pairs.map(([, at]) => at),
  );
  const nodes = new Map(ZONES.map((zone) => [zone, new ZoneOffsets(zone)]));
  const different = pairs.filter(
    ([zone, at], index) => nodes.get(zone)!.offsetAt(at.getTime()) / 1000 !== offsets[index],
  );
  if (different.length === 0) return ok('time zones', 'Node.js and PostgreSQL agree.');
  const zones = [...new Set(different.map(([zone]) => zone))].join(', ');
  return warning(
    'time zones',
    `Node.js and PostgreSQL have different rules for ${zones}: days there may begin at a wrong hour.`,
    'Update Node.js and the tzdata of the database’s machine.',
  );
}
