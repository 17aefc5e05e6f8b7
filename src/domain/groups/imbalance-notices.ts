import type {
  ImbalanceNotice,
  ImbalanceNoticeStore,
  WatchedGroup,
} from '../../storage/webhooks/imbalance-notice-store.js';
import type { OutboxEvent } from '../../storage/webhooks/event-outbox.js';
import type { Clock } from '../shared/clock.js';
import { DAY_MS } from '../shared/durations.js';
import { readerOf } from '../shared/principal.js';
import { formatInstant } from '../shared/time.js';
import { roundVolume } from '../volumes/round-volume.js';
import type { GroupBalance, GroupBalances } from './balances.js';
import { isMaterial } from './imbalance.js';
import type { SensorGroups } from './sensor-groups.js';

interface Deps {
  readonly store: ImbalanceNoticeStore;
  readonly groups: Pick<SensorGroups, 'members'>;
  readonly balances: Pick<GroupBalances, 'of'>;
  readonly clock: Clock;
  /** called with the account that has webhooks to deliver */
  readonly onQueued: (accountId: number) => void;
}

/** Days that ended so long ago are looked at again, since readings of them may come late. */
const LOOK_BACK_MS = 31 * DAY_MS;

/**
 * Queues `imbalance_detected` for endpoints that ask for it: once for each day of a group whose imbalance is
 * above a threshold, and again where it has changed by more than a tenth since.
 */
export class ImbalanceNotices {
  constructor(private readonly deps: Deps) {}

  async notify(): Promise<void> {
    for (const watched of await this.deps.store.watched()) await this.notifyOf(watched);
  }

  private async notifyOf({ accountId, group }: WatchedGroup): Promise<void> {
    const { store, groups, balances, clock, onQueued } = this.deps;
    const principal = readerOf(accountId);
    const end = clock();
    const range = { start: new Date(end.getTime() - LOOK_BACK_MS), end };
    const days = await balances.of(principal, group, range, 'DAY');
    const sent = await store.sent(group.id, range.start);
    const found = days.filter(({ state, start, imbalance }) => {
      const before = sent.get(start.getTime());
      return state === 'ABOVE' && (before === undefined || isMaterial(before, imbalance));
    });
    if (found.length === 0) return;
    const members = (await groups.members(principal, [group.id])).get(group.id) ?? [];
    const sensorIds = members.flatMap(({ sensorId, direction }) => (direction ? [sensorId] : []));
    const notices = found.map((day) => noticeOf(group, sensorIds, day));
    await store.queue(accountId, group.id, notices);
    onQueued(accountId);
  }
}

function noticeOf(
  group: WatchedGroup['group'],
  sensorIds: readonly number[],
  day: GroupBalance,
): ImbalanceNotice {
  const { start, end, imbalance } = day;
  const event: OutboxEvent = {
    type: 'imbalance_detected',
    sensorIds,
    data: {
      ...{ group_id: group.id, group_name: group.name },
      ...{ start: formatInstant(start), end: formatInstant(end) },
      volume_in: roundVolume(day.volumeIn),
      volume_out: roundVolume(day.volumeOut),
      imbalance: roundVolume(imbalance),
      imbalance_percent: day.imbalanceRatio === null ? null : roundVolume(day.imbalanceRatio * 100),
      volume_in_measured: roundVolume(day.volumeInMeasured),
      volume_out_measured: roundVolume(day.volumeOutMeasured),
      imbalance_measured: roundVolume(day.imbalanceMeasured),
      max_imbalance_percent: group.maxImbalancePercent,
      max_imbalance_volume: group.maxImbalanceVolume,
    },
  };
  return { start, end, imbalance, event };
}
