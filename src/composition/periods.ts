import { BulkEdit } from '../domain/groups/bulk-edit.js';
import { ImbalanceNotices } from '../domain/groups/imbalance-notices.js';
import { GroupBalances } from '../domain/groups/balances.js';
import { SensorGroups } from '../domain/groups/sensor-groups.js';
import { Adjustments } from '../domain/periods/adjustments.js';
import { PeriodCheck } from '../domain/periods/period-check.js';
import { PeriodFigures } from '../domain/periods/period-figures.js';
import { Periods } from '../domain/periods/periods.js';
import { RevisedVolumes } from '../domain/periods/revised-volumes.js';
import type { ExclusiveSensorQueue } from '../domain/sensors/exclusive-sensor-queue.js';
import type { Sensors } from '../domain/sensors/sensors.js';
import type { Clock } from '../domain/shared/clock.js';
import type { Calendars } from '../domain/volumes/calendars.js';
import type { Volumes } from '../domain/volumes/volumes.js';
import { SensorGroupStore } from '../storage/groups/sensor-group-store.js';
import { AdjustmentStore } from '../storage/periods/adjustment-store.js';
import { PeriodStore } from '../storage/periods/period-store.js';
import type { FlagStore } from '../storage/pings/flag-store.js';
import type { Database } from '../storage/postgres/database.js';
import { SensorEditStore } from '../storage/sensors/edit-sensors.js';
import { tryExclusively } from '../storage/postgres/try-exclusively.js';
import { RevisedVolumeStore } from '../storage/webhooks/revised-volume-store.js';
import { ImbalanceNoticeStore } from '../storage/webhooks/imbalance-notice-store.js';
import { PeriodicWork } from '../webhooks/periodic-work.js';

const REVISION_INTERVAL_MS = 30_000;
const IMBALANCE_INTERVAL_MS = 300_000;

interface PeriodOptions {
  readonly sensors: Sensors;
  readonly sensorChanges: ExclusiveSensorQueue;
  readonly calendars: Calendars;
  readonly volumes: Volumes;
  readonly flags: FlagStore;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
  /** called with the account that has webhooks to deliver */
  readonly onQueued: (accountId: number) => void;
  readonly revisionIntervalMs?: number | undefined;
  readonly imbalanceIntervalMs?: number | undefined;
}

/**
 * The part of the domain that changes many sensors and their groups at once, balances groups, closes
 * their periods, and notices what changes later.
 */
export function createPeriods(database: Database, options: PeriodOptions) {
  const { onError, revisionIntervalMs, imbalanceIntervalMs, sensorChanges, ...deps } = options;
  const { sensors, calendars, volumes, clock } = deps;
  const groups = new SensorGroups(new SensorGroupStore(database), sensors, calendars);
  const figures = new PeriodFigures(sensors, volumes);
  const store = new PeriodStore(database);
  const adjustmentStore = new AdjustmentStore(database, store);
  const adjustments = new Adjustments({
    ...{ store: adjustmentStore, periods: store, figures, clock },
  });
  const periods = new Periods({ ...deps, store, groups, figures });
  const revisedVolumes = new RevisedVolumes({
    ...{ ...deps, store: new RevisedVolumeStore(database), periods },
  });
  const balances = new GroupBalances({ groups, sensors, calendars, volumes, clock });
  const imbalances = new ImbalanceNotices({
    ...{ ...deps, store: new ImbalanceNoticeStore(database), groups, balances },
  });
  return {
    groups,
    bulkEdit: new BulkEdit({
      ...{ store: new SensorEditStore(database), sensors, groups, queue: sensorChanges, clock },
    }),
    groupBalances: balances,
    periods,
    adjustments,
    periodCheck: new PeriodCheck({
      ...{ periods: store, store: adjustmentStore, adjustments, figures, sensors, clock },
    }),
    revisionNotices: new PeriodicWork({
      run: () => revisedVolumes.notify(),
      exclusively: (work) => tryExclusively(database.sessions, 'flowgate.revised_volumes', work),
      onError,
      intervalMs: revisionIntervalMs ?? REVISION_INTERVAL_MS,
    }),
    imbalanceNotices: new PeriodicWork({
      run: () => imbalances.notify(),
      exclusively: (work) => tryExclusively(database.sessions, 'flowgate.imbalances', work),
      onError,
      intervalMs: imbalanceIntervalMs ?? IMBALANCE_INTERVAL_MS,
    }),
  };
}
