import type { Config } from '../../config.js';
import { causesOf } from '../../openid/causes.js';
import { discover } from '../../openid/provider.js';
import { AccountStore } from '../../storage/accounts/account-store.js';
import type { Database } from '../../storage/postgres/database.js';
import { error, ok, warning, type Finding } from './finding.js';

const CHECK = 'OpenID Connect';

/** Whether the provider at which users sign in can be used, if one is set. */
export async function checkProvider({ openId }: Config): Promise<Finding[]> {
  if (!openId) return [];
  const { href } = openId.issuer;
  try {
    const { server } = await discover(openId);
    const { scopes_supported: supported } = server.serverMetadata();
    const unknown = openId.scopes
      .split(' ')
      .filter((scope) => supported && !supported.includes(scope));
    return unknown.length > 0
      ? [
          warning(
            CHECK,
            `${href} does not name the scopes ${unknown.join(', ')} among those that it supports.`,
            'Correct FLOWGATE_OIDC_SCOPES, or let the provider support them.',
          ),
        ]
      : [ok(CHECK, `${href} responds.`)];
  } catch (failure) {
    const reason = [...causesOf(failure)].map(({ message }) => message).join(': ');
    const advice =
      'Check FLOWGATE_OIDC_ISSUER, and that this machine reaches it and trusts its certificate.';
    return [error(CHECK, `${href}: ${reason}`, advice)];
  }
}

/** Whether the account exists that the provider's users belong to. */
export async function checkProviderAccount(
  { openId }: Config,
  database: Database,
): Promise<Finding[]> {
  if (!openId || !('name' in openId.account)) return [];
  const { name } = openId.account;
  if (await new AccountStore(database).findByName(name)) return [];
  const message = `There is no account named ${JSON.stringify(name)}, so nobody can sign in at the provider.`;
  return [error(CHECK, message, 'Correct FLOWGATE_OIDC_ACCOUNT.')];
}
