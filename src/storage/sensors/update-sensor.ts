import { logEvent } from '../audit/audit-entry.js';
import type { Statement, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { ALL, ALL_START } from '../summaries/sql/level.js';
import { refresh, refreshLongGaps } from '../summaries/sql/refresh-summaries.js';
import {
  logConfigurationChanges,
  type ConfigurationEdit,
  type Parameter,
} from './configuration-store.js';
import { readCandidate } from './continuation-store.js';
import { historyParameters } from './history-parameters.js';
import { maxGapHistory, meterFactorHistory, methodHistory } from './history.js';
import { lockPings, lockSensor } from './lock-sensor.js';
import { refuseThinned } from './refuse-thinned.js';
import type { ChangeRules, SensorChange, SensorRecord } from './sensor-record.js';
import { SENSOR_COLUMNS } from './sql/sensor-window.js';
import { tagKeys } from './tag-keys.js';

/** $1 int account id, $2 int sensor id, then what changes */
const updateSettings: Statement = {
  name: 'update_sensor',
  text: `
    UPDATE flow_sensor
    SET name = $3, latitude = $4, longitude = $5, pipe_diameter = $6, activated_at = $7, max_gap = $8,
      method = $9, retired_at = $10, continues_sensor_id = $11, continues_from = $12,
      max_gap_changed_at = $13, earlier_max_gaps = $14, method_changed_at = $15, earlier_methods = $16,
      entry_unit = $17, calendar = $18, checks = $19, meter_factor = $20, meter_factor_changed_at = $21,
      earlier_meter_factors = $22, tags = $23, tag_keys = $24, totalizer_rollover = $25
    WHERE account_id = $1 AND id = $2 RETURNING ${SENSOR_COLUMNS}`,
};

/** Milliseconds since 1970, null before the first. $1 int sensor id */
const lastPingAt: Statement = {
  name: 'last_ping_at',
  text: `
    SELECT round(date_part('epoch', greatest(last_at, last_bad_at)) * 1000) AS at FROM ping_summary
    WHERE sensor_id = $1 AND level = ${ALL}`,
};

/** A sensor after a change, and the settings that it changed. */
export interface ChangedSensor {
  readonly sensor: SensorRecord;
  readonly changed: readonly Parameter[];
}

/**
 * Changes the given fields and logs the changes. Another `maxGap` also changes, in the same
 * transaction, what of the past counts as measured.
 * @returns undefined where the account has no such sensor
 * @throws LockTimeoutError where another transaction has locked its pings for too long
 */
export async function updateSensor(
  transaction: Transaction,
  accountId: number,
  id: number,
  asked: SensorChange,
  edit: ConfigurationEdit,
  rules: ChangeRules = {},
): Promise<ChangedSensor | undefined> {
  const [stored] = await transaction.query<SensorRecord>(lockSensor, [accountId, id]);
  if (!stored) return undefined;
  const continuesFrom =
    asked.continuesSensorId &&
    rules.continuation?.(await readCandidate(transaction, accountId, asked.continuesSensorId));
  const change = continuesFrom ? { ...asked, continuesFrom } : asked;
  const next = { ...stored, ...change };
  const recordedAt = isOfPings(change) ? await lockPings(transaction, id) : undefined;
  const [last] = await transaction.query<{ at: number | null }>(lastPingAt, [id]);
  const lastAt = last?.at ?? null;
  rules.lastPing?.(lastAt === null ? undefined : new Date(lastAt));
  const effectiveFrom = edit.effectiveFrom ?? (lastAt === null ? new Date(ALL_START) : edit.now);
  const changed = await logConfigurationChanges(transaction, stored, change, {
    ...edit,
    effectiveFrom,
    recordedAt,
  });
  if (changed.length === 0) return { sensor: stored, changed };
  if (edit.audit) await logEvent(transaction, edit.audit(changed));
  const instants = [next.activatedAt, next.retiredAt, next.continuesFrom].map(
    (at) => at && instantParameter(at),
  );
  await refuseThinned(transaction, accountId, change, effectiveFrom);
  const maxGaps = maxGapHistory(stored);
  const [sensor] = await transaction.query<SensorRecord>(updateSettings, [
    ...[accountId, id, next.name, next.latitude, next.longitude, next.pipeDiameter],
    ...[instants[0], next.maxGap, next.method, instants[1]],
    ...[next.continuesSensorId, instants[2]],
    ...historyParameters(maxGaps, change.maxGap, effectiveFrom),
    ...historyParameters(methodHistory(stored), change.method, effectiveFrom),
    ...[next.entryUnit, next.calendar, next.checks, next.meterFactor],
    ...historyParameters(meterFactorHistory(stored), change.meterFactor, effectiveFrom),
    ...[next.tags, tagKeys(next.tags), next.totalizerRollover],
  ]);
  if (changed.includes('MAX_GAP')) {
    const least = Math.min(next.maxGap, maxGaps.current, ...maxGaps.earlier);
    await refresh(transaction, refreshLongGaps, [id, least, instantParameter(effectiveFrom)]);
  }
  return sensor && { sensor, changed };
}

/** Whether what was recorded before the change must be told from what is recorded after it. */
export function isOfPings({ maxGap, retiredAt, entryUnit, meterFactor }: SensorChange): boolean {
  return [maxGap, retiredAt, entryUnit, meterFactor].some((value) => value !== undefined);
}
