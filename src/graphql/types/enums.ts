import { registerEnumType } from 'type-graphql';
import { VOLUME_INTERVALS } from '../../domain/volumes/calendar.js';
import { ROLES, SCOPES } from '../../domain/shared/principal.js';

export const PingOrder = enumOf(['NEWEST_FIRST', 'OLDEST_FIRST']);
export const VolumeMethod = enumOf(['LINEAR', 'STEP']);
export const VolumeInterval = enumOf(VOLUME_INTERVALS);
export const OnConflict = enumOf(['REJECT', 'OVERWRITE']);
export const Scope = enumOf(SCOPES);
export const Role = enumOf(ROLES);
export const FlowSensorOrderField = enumOf(['ID', 'NAME']);
export const OrderDirection = enumOf(['ASC', 'DESC']);

registerEnumType(PingOrder, { name: 'PingOrder' });
registerEnumType(VolumeMethod, {
  name: 'VolumeMethod',
  description: 'How flowrate runs between two pings.',
  valuesConfig: {
    LINEAR: { description: 'Linearly: the trapezoid rule.' },
    STEP: { description: 'Held until the next ping: last observation carried forward.' },
  },
});
registerEnumType(VolumeInterval, {
  name: 'VolumeInterval',
  description: 'HOUR is the clock hour of UTC; the others are local.',
});
registerEnumType(OnConflict, {
  name: 'OnConflict',
  description: 'What to do with a ping that is held with another flowrate.',
});
registerEnumType(Scope, {
  name: 'Scope',
  description: 'What a credential may do. ADMIN includes the others.',
});
registerEnumType(Role, { name: 'Role' });
registerEnumType(FlowSensorOrderField, {
  name: 'FlowSensorOrderField',
  valuesConfig: { NAME: { description: 'By name, and by id among equal names.' } },
});
registerEnumType(OrderDirection, { name: 'OrderDirection' });

/** `{ A: 'A', … }`, as type-graphql takes enums. */
function enumOf<Name extends string>(names: readonly Name[]): { readonly [N in Name]: N } {
  return Object.fromEntries(names.map((name) => [name, name])) as { [N in Name]: N };
}
