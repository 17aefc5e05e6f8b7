import type { SessionInListFragment } from '../../../generated/graphql/graphql.js';
import { browserName } from '../browser-name.js';
import { useNow } from '../use-now.js';
import { Age, Instant } from './instant.js';
import { StackedTable } from './stacked-table.js';

/** Browsers that a user is signed in with; all but the current one can be signed out. */
export function SessionTable({
  caption,
  sessions,
  onEnd,
}: {
  caption: string;
  sessions: readonly SessionInListFragment[];
  onEnd: (id: string) => void;
}) {
  const now = useNow(15_000);
  return (
    <StackedTable
      caption={caption}
      columns={['Browser', 'Address', 'Signed in', 'Last used']}
      actions="Actions"
    >
      {sessions.map(({ id, userAgent, address, createdAt, lastUsedAt, isCurrent }) => (
        <tr key={id} role="row">
          <th role="rowheader" scope="row" title={userAgent ?? undefined}>
            {browserName(userAgent)} {isCurrent && <span className="quiet small">(this one)</span>}
          </th>
          <td role="cell" data-label="Address">
            {address ?? 'unknown'}
          </td>
          <td role="cell" data-label="Signed in">
            <Instant at={createdAt} />
          </td>
          <td role="cell" data-label="Last used">
            <Age at={lastUsedAt} now={now} />
          </td>
          <td role="cell">
            {!isCurrent && (
              <button type="button" onClick={() => onEnd(id)}>
                Sign out
                <span className="visually-hidden"> {browserName(userAgent)}</span>
              </button>
            )}
          </td>
        </tr>
      ))}
    </StackedTable>
  );
}
