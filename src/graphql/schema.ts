import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { AccountLogResolver } from './resolvers/account-log.resolver.js';
import { ApiTokenResolver } from './resolvers/api-token.resolver.js';
import { AuditEventResolver } from './resolvers/audit-event.resolver.js';
import { bypassTypeGraphql } from './execution/fast-field-resolvers.js';
import { BrokerResolver } from './resolvers/broker.resolver.js';
import { DeviceResolver } from './resolvers/device.resolver.js';
import { FlowSensorFields } from './resolvers/flow-sensor-fields.resolver.js';
import { FlowVolumeFields } from './resolvers/flow-volume-fields.resolver.js';
import {
  FlowSensorConnectionFields,
  FlowSensorResolver,
} from './resolvers/flow-sensor.resolver.js';
import { FlowSensorsUpdateResolver } from './resolvers/flow-sensors-update.resolver.js';
import { PingImportResolver } from './resolvers/ping-import.resolver.js';
import { InvitationResolver } from './resolvers/invitation.resolver.js';
import { ImportProfileResolver } from './resolvers/import-profile.resolver.js';
import { NO_PUBSUB, PingSubscriptionResolver } from './resolvers/ping-subscription.resolver.js';
import { MirrorResolver } from './resolvers/mirror.resolver.js';
import { NODE_RESOLVERS } from './resolvers/node.resolver.js';
import { PingResolver } from './resolvers/ping.resolver.js';
import {
  ConfiguredChecks,
  ReadingFlagResolver,
  SensorChecksResolver,
} from './resolvers/reading-flag.resolver.js';
import { PingRetentionResolver } from './resolvers/ping-retention.resolver.js';
import { ReasonCodeResolver } from './resolvers/reason-code.resolver.js';
import { addUnitArguments } from './execution/unit-arguments.js';
import { addWrittenLists } from './execution/written-lists.js';
import {
  ContinuedSensorFields,
  SensorHistoryResolver,
} from './resolvers/sensor-history.resolver.js';
import { AdjustmentResolver, PeriodAdjustments } from './resolvers/adjustment.resolver.js';
import { PeriodResolver, SensorGroupPeriods } from './resolvers/period.resolver.js';
import { GroupBalanceField } from './resolvers/group-balance.resolver.js';
import { SensorGroupResolver, SensorGroupsField } from './resolvers/sensor-group.resolver.js';
import { SessionResolver } from './resolvers/session.resolver.js';
import { FlowVolumeTotalizerField, PingTotalizerField } from './resolvers/totalizer.resolver.js';
import { TotpResolver } from './resolvers/totp.resolver.js';
import { StatementResolver } from './resolvers/statement.resolver.js';
import {
  PingMethodField,
  SensorSubstitutionFields,
  SubstitutionResolver,
} from './resolvers/substitution.resolver.js';
import { SystemResolver } from './resolvers/system.resolver.js';
import { CalendarResolver, SensorCalendarField } from './resolvers/calendar.resolver.js';
import { UserResolver } from './resolvers/user.resolver.js';
import { ViewerResolver } from './resolvers/viewer.resolver.js';
import { WebhookDeliveryResolver } from './resolvers/webhook-delivery.resolver.js';
import { WebhookEndpointResolver } from './resolvers/webhook-endpoint.resolver.js';

/** The schema that the decorators describe. */
export async function createSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      ViewerResolver,
      FlowSensorResolver,
      FlowSensorsUpdateResolver,
      FlowSensorFields,
      FlowVolumeFields,
      ContinuedSensorFields,
      SensorHistoryResolver,
      FlowSensorConnectionFields,
      PingResolver,
      SubstitutionResolver,
      SensorSubstitutionFields,
      PingMethodField,
      PingTotalizerField,
      FlowVolumeTotalizerField,
      PingSubscriptionResolver,
      ReasonCodeResolver,
      ReadingFlagResolver,
      SensorChecksResolver,
      ConfiguredChecks,
      PingRetentionResolver,
      ImportProfileResolver,
      PingImportResolver,
      ApiTokenResolver,
      InvitationResolver,
      UserResolver,
      SystemResolver,
      StatementResolver,
      SensorGroupResolver,
      GroupBalanceField,
      SensorGroupsField,
      PeriodResolver,
      SensorGroupPeriods,
      AdjustmentResolver,
      PeriodAdjustments,
      CalendarResolver,
      SensorCalendarField,
      DeviceResolver,
      BrokerResolver,
      MirrorResolver,
      SessionResolver,
      TotpResolver,
      AuditEventResolver,
      AccountLogResolver,
      WebhookEndpointResolver,
      WebhookDeliveryResolver,
      ...NODE_RESOLVERS,
    ],
    // The domain validates.
    validate: false,
    // Apollo Server checks the schema when it starts; type-graphql would introspect it for that.
    skipCheck: true,
    pubSub: NO_PUBSUB,
  });
  bypassTypeGraphql(schema);
  addUnitArguments(schema);
  addWrittenLists(schema);
  return schema;
}
