import type { DeliveryPartsFragment } from '../../../../../generated/graphql/graphql.js';
import { useNow } from '../../../use-now.js';
import { DeliveryEntry } from './delivery-entry.js';

const COLUMNS = ['Status', 'Event', 'Number', 'Queued', 'Last answer', 'Attempts'];

// Roles are said because on narrow screens rows are laid out as cards, which takes a table's own away.
export function DeliveryTable({
  deliveries,
  isAdmin,
  openId,
  onOpen,
}: {
  deliveries: readonly DeliveryPartsFragment[];
  isAdmin: boolean;
  openId: string | undefined;
  onOpen: (id: string | undefined) => void;
}) {
  const now = useNow(10_000);
  return (
    <table className="stacked-table delivery-table" role="table">
      <caption className="visually-hidden">Deliveries, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          {COLUMNS.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <span className="visually-hidden">Details</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {deliveries.map((delivery) => (
          <DeliveryEntry
            key={delivery.id}
            delivery={delivery}
            now={now}
            columns={COLUMNS.length + 1}
            isAdmin={isAdmin}
            isOpen={delivery.id === openId}
            onToggle={() => onOpen(delivery.id === openId ? undefined : delivery.id)}
          />
        ))}
      </tbody>
    </table>
  );
}
