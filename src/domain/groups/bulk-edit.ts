import {
  SensorEditsRefused,
  type EditedSensors,
  type SensorEditStore,
} from '../../storage/sensors/edit-sensors.js';
import type { ExclusiveSensorQueue } from '../sensors/exclusive-sensor-queue.js';
import type { EditOptions } from '../sensors/rules.js';
import type { Sensors } from '../sensors/sensors.js';
import type { Clock } from '../shared/clock.js';
import { asDomainError, InvalidInputError, type FieldError } from '../shared/errors.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { editsOf, membershipsOf } from './bulk-edit-changes.js';
import { inputErrors, type BulkEditInput } from './bulk-edit-rules.js';
import type { SensorGroups } from './sensor-groups.js';

export type { BulkEditInput } from './bulk-edit-rules.js';
export type { EditedSensors } from '../../storage/sensors/edit-sensors.js';

export interface BulkEditOptions extends EditOptions {
  readonly dryRun: boolean;
}

interface BulkEditDeps {
  readonly store: SensorEditStore;
  readonly sensors: Sensors;
  readonly groups: SensorGroups;
  readonly queue: ExclusiveSensorQueue;
  readonly clock: Clock;
}

/** Changes many sensors of an account at once: all of them, or none. Needs ADMIN. */
export class BulkEdit {
  constructor(private readonly deps: BulkEditDeps) {}

  /**
   * @returns what was changed, or with `dryRun` would be
   * @throws InvalidInputError of each field and of each sensor that breaks a rule
   */
  async run(
    principal: Principal,
    ids: readonly number[],
    input: BulkEditInput,
    options: BulkEditOptions,
  ): Promise<EditedSensors> {
    requireScope(principal, 'ADMIN');
    const now = this.deps.clock();
    refuse(inputErrors(ids, input, options, now));
    refuse([
      ...(await this.unknownSensors(principal, ids)),
      ...(await this.unknownGroups(principal, input, 'addToGroups')),
      ...(await this.unknownGroups(principal, input, 'removeFromGroups')),
    ]);
    try {
      return await this.deps.queue.run(() =>
        this.deps.store.run(principal.accountId, {
          ids: [...ids].sort((a, b) => a - b),
          editsOf: (sensor) => editsOf(principal, sensor, input, { ...options, now }),
          isRefusal: (error) => asDomainError(error) instanceof InvalidInputError,
          memberships: membershipsOf(principal, ids, input),
          isDryRun: options.dryRun,
        }),
      );
    } catch (error) {
      if (!(error instanceof SensorEditsRefused)) throw error;
      refuse(
        error.refusals.map(({ sensor: { id, name }, error: refusal }) => ({
          path: ['ids', ids.indexOf(id)],
          message: `${name} (flow sensor ${id}): ${asDomainError(refusal)!.message}`,
        })),
      );
      throw error;
    }
  }

  private async unknownSensors(principal: Principal, ids: readonly number[]) {
    const known = await this.deps.sensors.find(principal, ids);
    return ids.flatMap((id, index): FieldError[] => {
      if (known.has(id)) return [];
      return [{ path: ['ids', index], message: `The account has no flow sensor ${id}.` }];
    });
  }

  private async unknownGroups(
    principal: Principal,
    input: BulkEditInput,
    field: 'addToGroups' | 'removeFromGroups',
  ) {
    const ids = input[field] ?? [];
    const known = await this.deps.groups.find(principal, ids);
    return ids.flatMap((id, index): FieldError[] => {
      if (known.has(id)) return [];
      return [{ path: [field, index], message: `The account has no sensor group ${id}.` }];
    });
  }
}

function refuse([error, ...more]: readonly FieldError[]): void {
  if (error) throw new InvalidInputError([error, ...more]);
}
