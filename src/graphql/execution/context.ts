import type { AccountLog } from '../../domain/log/account-log.js';
import type { AuditEvents } from '../../domain/accounts/audit-events.js';
import type { OwnAccess } from '../../domain/auth/own-access.js';
import type { UserSessions } from '../../domain/auth/user-sessions.js';
import type { OwnTotp } from '../../domain/auth/own-totp.js';
import type { Clock } from '../../domain/shared/clock.js';
import type { PingFeed } from '../../domain/pings/feed.js';
import type { BulkEdit } from '../../domain/groups/bulk-edit.js';
import type { GroupBalances } from '../../domain/groups/balances.js';
import type { SensorGroups } from '../../domain/groups/sensor-groups.js';
import type { Adjustments } from '../../domain/periods/adjustments.js';
import type { Periods } from '../../domain/periods/periods.js';
import type { SensorHistories } from '../../domain/pings/sensor-history.js';
import type { PingRevisions } from '../../domain/pings/revisions.js';
import type { Pings } from '../../domain/pings/pings.js';
import type { ReadingFlags } from '../../domain/pings/reading-flags.js';
import type { ReasonCodes } from '../../domain/pings/reason-codes.js';
import type { PingRetention } from '../../domain/retention/ping-retention.js';
import type { Substitutions } from '../../domain/pings/substitutions.js';
import type { RecordHistory } from '../../domain/shared/record-history.js';
import type { Principal } from '../../domain/shared/principal.js';
import type { SensorConfigurations } from '../../domain/sensors/configurations.js';
import type { Sensors } from '../../domain/sensors/sensors.js';
import type { SystemOverview } from '../../domain/system/system-overview.js';
import type { Tokens } from '../../domain/accounts/tokens.js';
import type { Calendars, NamedCalendar } from '../../domain/volumes/calendars.js';
import type { SigningKey } from '../../domain/statements/signing-key.js';
import type { Statements } from '../../domain/statements/statements.js';
import { lazy } from '../loaders/lazy.js';
import type { UserUnits } from '../../domain/accounts/display-units.js';
import type { Invitations } from '../../domain/accounts/invitations.js';
import type { Users } from '../../domain/accounts/users.js';
import type { BrokerState } from '../../domain/transfer/broker-state.js';
import type { Sync } from '../../domain/transfer/sync.js';
import type { MirrorState } from '../../domain/transfer/mirror.js';
import type { Devices } from '../../domain/transfer/devices/devices.js';
import type { TotalizerVolumes } from '../../domain/volumes/totalizer-volumes.js';
import type { Volumes } from '../../domain/volumes/volumes.js';
import type { ImportLog } from '../../domain/transfer/import/import-log.js';
import type { ImportProfiles } from '../../domain/transfer/import/profiles.js';
import type { WebhookDeliveries } from '../../domain/webhooks/deliveries.js';
import type { WebhookEndpoints } from '../../domain/webhooks/endpoints.js';
import { GroupLoaders } from '../loaders/group-loaders.js';
import { SensorLoaders } from '../loaders/sensor-loaders.js';
import type { Parts } from './parts.js';
import type { WrittenResult } from './written-result.js';
import { SubstitutionLoaders } from '../loaders/substitution-loaders.js';
import { TotalizerLoaders } from '../loaders/totalizer-loaders.js';
import { WebhookLoaders } from '../loaders/webhook-loaders.js';

/** The parts of the domain that resolvers call. */
export interface Domain {
  readonly sensors: Sensors;
  readonly groups: SensorGroups;
  readonly groupBalances: GroupBalances;
  readonly bulkEdit: BulkEdit;
  readonly periods: Periods;
  readonly adjustments: Adjustments;
  readonly configurations: SensorConfigurations;
  readonly pings: Pings;
  readonly revisions: PingRevisions;
  readonly histories: SensorHistories;
  readonly sync: Pick<Sync, 'originals'>;
  readonly devices: Devices;
  readonly reasonCodes: ReasonCodes;
  readonly readingFlags: ReadingFlags;
  readonly retention: PingRetention;
  readonly substitutions: Substitutions;
  readonly recordHistory: RecordHistory;
  readonly volumes: Volumes;
  readonly totalizerVolumes: TotalizerVolumes;
  readonly system: SystemOverview;
  readonly tokens: Tokens;
  readonly users: Users;
  readonly invitations: Invitations;
  readonly userSessions: UserSessions;
  readonly userUnits: UserUnits;
  readonly ownAccess: OwnAccess;
  readonly ownTotp: OwnTotp;
  readonly calendars: Calendars;
  readonly statements: Statements;
  readonly statementKey: Pick<SigningKey, 'publicKey'>;
  readonly auditEvents: AuditEvents;
  readonly accountLog: AccountLog;
  readonly feed: PingFeed;
  readonly importProfiles: ImportProfiles;
  readonly importLog: Pick<ImportLog, 'list' | 'undo'>;
  readonly webhooks: WebhookEndpoints;
  readonly webhookDeliveries: WebhookDeliveries;
  readonly clock: Clock;
  readonly mirrors?: { statesFor(principal: Principal): readonly MirrorState[] };
  /** undefined where no broker's messages are recorded */
  readonly broker?:
    | { stateFor(principal: Principal): Promise<BrokerState | undefined> }
    | undefined;
  /** the maximum number of pings in one mutation */
  readonly maxPings: number;
}

/** The connection that carries the events of a subscription. */
export interface Stream {
  /** called when the client is too slow to be sent anything more */
  readonly onDrop: () => void;
  /** aborted when the connection has closed */
  readonly signal?: AbortSignal;
  /** called with the source of a subscription's events once it is open */
  readonly onSource?: (source: { readonly pushed: number }) => void;
}

/** How an operation is executed. */
export interface Execution {
  /** set where the operation is large: its lists are executed in parts */
  parts?: Parts | undefined;
  /** set once the result is written */
  written?: WrittenResult | undefined;
}

/** What all resolvers of one operation share. */
export interface GraphQLContext {
  readonly principal: Principal;
  readonly services: Domain;
  readonly sensorLoaders: SensorLoaders;
  readonly groupLoaders: GroupLoaders;
  readonly webhookLoaders: WebhookLoaders;
  readonly substitutionLoaders: SubstitutionLoaders;
  readonly totalizerLoaders: TotalizerLoaders;
  /** the account's calendars, read once */
  readonly calendars: () => Promise<NamedCalendar[]>;
  readonly stream?: Stream | undefined;
  /** shared with the copies that Apollo makes of a context */
  readonly execution: Execution;
}

export function createContext(
  sender: Principal,
  services: Domain,
  stream?: Stream,
): GraphQLContext {
  const execution: Execution = {};
  const principal: Principal = {
    ...sender,
    get large() {
      return execution.parts;
    },
  };
  const whenWhole = (callback: () => void): void => {
    if (execution.parts) execution.parts.whenWhole(callback);
    else callback();
  };
  return {
    principal,
    execution,
    services,
    sensorLoaders: new SensorLoaders(principal, services, whenWhole),
    groupLoaders: new GroupLoaders(principal, services, whenWhole),
    webhookLoaders: new WebhookLoaders(principal, services, whenWhole),
    substitutionLoaders: new SubstitutionLoaders(principal, services.substitutions, whenWhole),
    totalizerLoaders: new TotalizerLoaders(principal, services, whenWhole),
    calendars: lazy(() => services.calendars.list(principal)),
    stream,
  };
}
