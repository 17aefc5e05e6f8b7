import type { UserStore } from '../../storage/accounts/user-store.js';
import { ForbiddenError } from '../shared/errors.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { BARREL_UNITS, isFlowrateUnit, isVolumeUnit, type DisplayUnits } from '../shared/units.js';

/** The display units of users. A token has none of its own: it sees barrels. */
export class UserUnits {
  constructor(private readonly users: Pick<UserStore, 'displayUnits' | 'setDisplayUnits'>) {}

  async of(principal: Principal): Promise<DisplayUnits> {
    const { actor, accountId } = principal;
    if (actor.kind !== 'user') return BARREL_UNITS;
    const stored = await this.users.displayUnits(accountId, actor.id);
    // A unit of a later version, after a return to this one.
    const { volumeUnit = '', flowrateUnit = '' } = stored ?? {};
    return {
      volumeUnit: isVolumeUnit(volumeUnit) ? volumeUnit : BARREL_UNITS.volumeUnit,
      flowrateUnit: isFlowrateUnit(flowrateUnit) ? flowrateUnit : BARREL_UNITS.flowrateUnit,
    };
  }

  /**
   * Changes the units of the user who asks; what is absent stays.
   * @throws ForbiddenError where a token asks
   */
  async set(principal: Principal, units: Partial<DisplayUnits>): Promise<void> {
    requireScope(principal, 'READ');
    const { actor, accountId } = principal;
    if (actor.kind !== 'user') throw new ForbiddenError();
    await this.users.setDisplayUnits(accountId, actor.id, units);
  }
}
