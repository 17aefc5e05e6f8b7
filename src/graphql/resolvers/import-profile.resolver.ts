import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { InvalidInputError } from '../../domain/shared/errors.js';
import { unitName } from '../../domain/shared/unit-name.js';
import type { ImportProfile as SavedProfile } from '../../domain/transfer/import/profiles.js';
import type { ImportSettings } from '../../domain/transfer/import/settings.js';
import type { GraphQLContext } from '../execution/context.js';
import { SaveImportProfileInput } from '../types/import-profile.input.js';
import { ImportProfile } from '../types/import-profile.type.js';
import type { ImportSettings as SettingsInput } from '../types/import-settings.type.js';
import { readFlowrateUnit } from '../types/units.js';

@Resolver()
export class ImportProfileResolver {
  @Query(() => [ImportProfile], {
    description: 'The import profiles of the account by name, at most 100. Needs the scope READ.',
  })
  async importProfiles(@Ctx() { principal, services }: GraphQLContext): Promise<ImportProfile[]> {
    return (await services.importProfiles.list(principal)).map(typeOf);
  }

  @Mutation(() => ImportProfile, {
    description:
      'Saves an import profile, in the place of one of the same name. Fails with the code CONFLICT where the account has 100 others. Needs the scope ADMIN.',
  })
  async saveImportProfile(
    @Arg('input', () => SaveImportProfileInput, { description: 'The profile to save.' })
    { name, settings }: SaveImportProfileInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<ImportProfile> {
    try {
      return typeOf(await services.importProfiles.save(principal, name, readSettings(settings)));
    } catch (error) {
      throw error instanceof InvalidInputError ? inSettings(error) : error;
    }
  }

  @Mutation(() => String, {
    description:
      'Deletes an import profile and returns its name. What was imported with it stays. Needs the scope ADMIN.',
  })
  async deleteImportProfile(
    @Arg('name', () => String, { description: 'The name of the profile.' }) name: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<string> {
    await services.importProfiles.delete(principal, name);
    return name;
  }
}

function typeOf({ settings: { unit, ...rest }, ...profile }: SavedProfile): ImportProfile {
  const settings = { ...rest, unit: unit ? unitName(unit) : null };
  return { ...profile, settings: settings as ImportProfile['settings'] };
}

function readSettings(input: SettingsInput): ImportSettings {
  const { unit } = input;
  return { ...withoutNulls(input), ...(unit && { unit: readFlowrateUnit(unit) }) };
}

/** A setting that is null is not set. */
function withoutNulls(input: object): ImportSettings {
  const entries = Object.entries(input) as [string, unknown][];
  return Object.fromEntries(
    entries.flatMap(([key, value]) => {
      if (value === null || value === undefined) return [];
      const isGroup = typeof value === 'object' && !Array.isArray(value);
      return [[key, isGroup ? withoutNulls(value) : value]];
    }),
  );
}

function inSettings({ errors: [first, ...rest] }: InvalidInputError): InvalidInputError {
  const placed = ({ path, message }: typeof first) => ({
    path: path[0] === 'name' ? path : ['settings', ...path],
    message,
  });
  return new InvalidInputError([placed(first), ...rest.map(placed)]);
}
