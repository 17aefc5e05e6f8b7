import type { Principal } from '../domain/shared/principal.js';
import type { OpenOptions } from '../composition/command.js';
import type { Domain } from '../composition/domain.js';

/**
 * Opens the database that the environment names, migrated, while `work` runs. What this takes is
 * loaded only then: help and wrong usage need none of it.
 */
export async function withDomain<T>(
  work: (services: Domain) => Promise<T>,
  options: OpenOptions = { create: false },
): Promise<T> {
  const { openDomain } = await import('../composition/command.js');
  return openDomain(work, options);
}

/** The operator in the account of that name, or in each account. @throws NotFoundError */
export async function operators({ accounts }: Domain, name?: string): Promise<Principal[]> {
  const names = name === undefined ? (await accounts.list()).map((each) => each.name) : [name];
  return Promise.all(names.map((each) => accounts.operatorIn({ name: each })));
}
