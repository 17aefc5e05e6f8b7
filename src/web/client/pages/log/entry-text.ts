import type {
  AuditEventType,
  HistoryUpdateType,
  LogEntryFragment,
} from '../../../../generated/graphql/graphql.js';
import { flowrateUnit } from '../../display-units.js';
import { quantity } from '../../format.js';
import { parameterName } from '../../parameter-name.js';

type Entry = LogEntryFragment;

const UPDATES: Readonly<Record<HistoryUpdateType, string>> = {
  INSERT: 'Late reading recorded',
  REPLACE: 'Reading corrected',
  DELETE: 'Reading deleted',
};

/** Where the words of the type itself do not read well. */
const EVENTS: Partial<Record<AuditEventType, string>> = {
  SIGN_IN_FAILED: 'Wrong password',
  OTHER_SESSIONS_ENDED: 'All other sessions ended',
  PINGS_CORRECTED: 'Readings corrected',
  PINGS_DELETED: 'Readings deleted',
  PINGS_SUBSTITUTED: 'Readings substituted',
  PINGS_IMPORTED: 'File imported',
  IMPORT_UNDONE: 'Import undone',
  TOKEN_CREATED: 'API token created',
  TOKEN_REVOKED: 'API token revoked',
  WEBHOOK_SECRET_REVEALED: 'Webhook secret read',
};

/** What was done, in a few words. */
export function actionOf({ revision, setting, event }: Entry): string {
  if (revision) return UPDATES[revision.updateType];
  if (setting) return `${parameterName(setting.parameter)} changed`;
  if (!event) return '';
  return EVENTS[event.type] ?? sentence(event.type);
}

/** What it replaced, and what by; or what else is known of it. */
export function detailsOf({ revision, setting, event }: Entry): string {
  if (revision) {
    const { oldFlowrate, newFlowrate, oldQuality, newQuality } = revision;
    const before = reading(oldFlowrate, oldQuality);
    const after = reading(newFlowrate, newQuality);
    return [[before, after].filter(Boolean).join(' → '), totalizerOf(revision)]
      .filter(Boolean)
      .join('; ');
  }
  if (setting) return `${setting.oldValue ?? 'none'} → ${setting.newValue ?? 'none'}`;
  if (!event) return '';
  const details = JSON.parse(event.details) as Readonly<Record<string, unknown>>;
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${words(name)}: ${written(value)}`)
    .join('; ');
}

/** The object of an event that is not a sensor. */
export function subjectOf({ event }: Entry): string {
  if (!event || event.subjectType === 'SENSOR') return '';
  const isSelf = event.subjectType === 'USER' && event.subjectName === event.actorName;
  return isSelf
    ? ''
    : `${sentence(event.subjectType)} ${event.subjectName ?? event.subjectId ?? ''}`;
}

/** Who did it: the name, and what kind of credential. */
export function personOf({ by, event }: Entry): { name: string; kind: string } {
  if (by === 'operator') return { name: event?.actorName ?? 'operator', kind: 'command line' };
  const [kind = '', ...name] = by.split(':');
  return { name: name.join(':'), kind: kind === 'token' ? 'token' : '' };
}

function reading(flowrate: number | null | undefined, quality: string | null | undefined): string {
  if (typeof flowrate !== 'number') return '';
  const mark = quality && quality !== 'GOOD' ? ` (${quality.toLowerCase()})` : '';
  return `${quantity(flowrate)} ${flowrateUnit}${mark}`;
}

/** What the revision does to the meter's own totalizer, which is in barrels whatever the page's unit is. */
function totalizerOf({ oldTotalizer, newTotalizer }: NonNullable<Entry['revision']>): string {
  const figures = [oldTotalizer, newTotalizer].filter((each) => typeof each === 'number');
  return figures.length > 0 ? `totalizer ${figures.map(String).join(' → ')} bbl` : '';
}

function sentence(name: string): string {
  const text = words(name.toLowerCase());
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Of `reason_code` and `reasonCode`: reason code. */
function words(name: string): string {
  return name
    .replaceAll('_', ' ')
    .replace(/[a-z][A-Z]/g, (pair) => `${pair[0]!} ${pair[1]!.toLowerCase()}`);
}

function written(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'number') return quantity(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
