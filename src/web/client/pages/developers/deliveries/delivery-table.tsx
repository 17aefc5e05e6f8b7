import type { DeliveryPartsFragment } from '../../../../../generated/graphql/graphql.js';
import { StackedTable } from '../../../components/stacked-table.js';
import { useNow } from '../../../use-now.js';
import { DeliveryEntry } from './delivery-entry.js';

const COLUMNS = ['Status', 'Event', 'Number', 'Queued', 'Last answer', 'Attempts'];

export function DeliveryTable({
  deliveries,
  isAdmin,
  openId,
  onOpen,
  onUpdate,
}: {
  deliveries: readonly DeliveryPartsFragment[];
  isAdmin: boolean;
  openId: string | undefined;
  onOpen: (id: string | undefined) => void;
  onUpdate: () => void;
}) {
  const now = useNow(10_000);
  return (
    <StackedTable
      caption="Deliveries, newest first"
      columns={COLUMNS}
      actions="Details"
      className="delivery-table"
    >
      {deliveries.map((delivery) => (
        <DeliveryEntry
          key={delivery.id}
          delivery={delivery}
          now={now}
          columns={COLUMNS.length + 1}
          isAdmin={isAdmin}
          isOpen={delivery.id === openId}
          onUpdate={onUpdate}
          onToggle={() => onOpen(delivery.id === openId ? undefined : delivery.id)}
        />
      ))}
    </StackedTable>
  );
}
