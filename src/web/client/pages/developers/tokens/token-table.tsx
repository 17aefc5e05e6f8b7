import { Badge } from '../../../components/badge.js';
import { Age, Instant } from '../../../components/instant.js';
import { useNow } from '../../../use-now.js';
import { SCOPES } from './scopes.js';
import type { Token } from './token.js';

const COLUMNS = ['Name', 'May', 'Made', 'Expires', 'Last used'];

// Roles are said because on narrow screens rows are laid out as cards, which takes a table's own away.
export function TokenTable({
  tokens,
  onRevoke,
}: {
  tokens: readonly Token[];
  onRevoke: (token: Token) => void;
}) {
  const now = useNow(10_000);
  return (
    <table className="stacked-table" role="table">
      <caption className="visually-hidden">API tokens, oldest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          {COLUMNS.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <span className="visually-hidden">Revoke</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {tokens.map((token) => (
          <tr key={token.id} role="row">
            <th role="rowheader" scope="row" className="token-name">
              {token.name}
            </th>
            <td role="cell" data-label="May">
              {SCOPES.filter(({ scope }) => token.scopes.includes(scope))
                .map(({ name }) => name)
                .join(', ')}
            </td>
            <td role="cell" data-label="Made">
              <Instant at={token.createdAt} />
            </td>
            <td role="cell" data-label="Expires">
              {token.expiresAt ? <Expiry at={token.expiresAt} now={now} /> : 'never'}
            </td>
            <td role="cell" data-label="Last used">
              {token.lastUsedAt ? <Age at={token.lastUsedAt} now={now} /> : 'never'}
            </td>
            <td role="cell">
              <button
                type="button"
                className="danger"
                aria-label={`Revoke ${token.name}`}
                onClick={() => onRevoke(token)}
              >
                Revoke
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Expiry({ at, now }: { at: string; now: Date }) {
  return (
    <>
      <Instant at={at} /> {Date.parse(at) <= now.getTime() && <Badge tone="bad">Expired</Badge>}
    </>
  );
}
