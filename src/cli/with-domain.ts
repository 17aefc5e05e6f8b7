import type { Principal } from '../domain/shared/principal.js';
import type { Domain } from '../composition/domain.js';

/**
 * Opens the database that the environment names, migrated, for the time of `work`. All that this takes is loaded for
 * it alone: help and wrong usage are told before.
 */
export async function withDomain<T>(work: (services: Domain) => Promise<T>): Promise<T> {
  const { openDomain } = await import('../composition/command.js');
  return openDomain(work);
}

/** The operator in the account of that name, or in each account. @throws NotFoundError */
export async function operators({ accounts }: Domain, name?: string): Promise<Principal[]> {
  const names = name === undefined ? (await accounts.list()).map((each) => each.name) : [name];
  return Promise.all(names.map((each) => accounts.operatorIn({ name: each })));
}
