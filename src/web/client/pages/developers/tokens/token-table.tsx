import { Badge } from '../../../components/badge.js';
import { Age, Instant } from '../../../components/instant.js';
import { StackedTable } from '../../../components/stacked-table.js';
import { useNow } from '../../../use-now.js';
import { SCOPES } from './scopes.js';
import type { Token } from './token.js';

const COLUMNS = ['Name', 'Permissions', 'Created', 'Expires', 'Last used'];

export function TokenTable({
  tokens,
  onRevoke,
}: {
  tokens: readonly Token[];
  onRevoke: (token: Token) => void;
}) {
  const now = useNow(10_000);
  return (
    <StackedTable caption="API tokens, oldest first" columns={COLUMNS} actions="Revoke">
      {tokens.map((token) => (
        <tr key={token.id} role="row">
          <th role="rowheader" scope="row" className="token-name">
            <bdi>{token.name}</bdi>
          </th>
          <td role="cell" data-label="Permissions">
            {SCOPES.filter(({ scope }) => token.scopes.includes(scope))
              .map(({ name }) => name)
              .join(', ')}
          </td>
          <td role="cell" data-label="Created">
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
    </StackedTable>
  );
}

function Expiry({ at, now }: { at: string; now: Date }) {
  return (
    <>
      <Instant at={at} /> {Date.parse(at) <= now.getTime() && <Badge tone="bad">Expired</Badge>}
    </>
  );
}
