import type { DeliveryPartsFragment } from '../../../../../generated/graphql/graphql.js';
import { DeliveryDetails } from './delivery-details.js';
import { outcomesOf, useOnChange } from './outcomes.js';
import { DeliveryRow } from './delivery-row.js';
import { useDelivery } from './use-delivery.js';

/** A row of the log and, while it is open, its details below. Both stay up to date. */
export function DeliveryEntry({
  delivery,
  now,
  columns,
  isAdmin,
  isOpen,
  onToggle,
  onUpdate,
}: {
  delivery: DeliveryPartsFragment;
  now: Date;
  columns: number;
  isAdmin: boolean;
  isOpen: boolean;
  onToggle: () => void;
  /** called when the open delivery was tried or ended */
  onUpdate: () => void;
}) {
  const live = useDelivery(delivery.id, ({ status }) => status === 'PENDING', isOpen);
  useOnChange(live.delivery && outcomesOf([live.delivery]), onUpdate);
  return (
    <>
      <DeliveryRow
        delivery={isOpen ? { ...delivery, ...live.delivery } : delivery}
        now={now}
        isOpen={isOpen}
        onToggle={onToggle}
      />
      {isOpen && (
        <tr role="row" className="delivery-details-row">
          <td role="cell" colSpan={columns}>
            <DeliveryDetails id={delivery.id} live={live} isAdmin={isAdmin} />
          </td>
        </tr>
      )}
    </>
  );
}
