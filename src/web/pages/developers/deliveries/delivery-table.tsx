import { useState } from 'react';
import type { DeliveryPartsFragment } from '../../../../generated/graphql/graphql.js';
import { useNow } from '../../../use-now.js';
import { DeliveryDetails } from './delivery-details.js';
import { DeliveryRow } from './delivery-row.js';

const COLUMNS = ['Status', 'Event', 'Number', 'Queued', 'Last answer', 'Attempts'];

// Roles are said because on narrow screens rows are laid out as cards, which takes a table's own away.
export function DeliveryTable({
  deliveries,
  isAdmin,
  onChange,
}: {
  deliveries: readonly DeliveryPartsFragment[];
  isAdmin: boolean;
  onChange: () => void;
}) {
  const now = useNow(10_000);
  const [openId, setOpenId] = useState<string>();
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
        {deliveries.map((delivery) => {
          const { id } = delivery;
          const isOpen = id === openId;
          return [
            <DeliveryRow
              key={id}
              delivery={delivery}
              now={now}
              isOpen={isOpen}
              onToggle={() => setOpenId(isOpen ? undefined : id)}
            />,
            isOpen && (
              <tr key="details" role="row" className="delivery-details-row">
                <td role="cell" colSpan={COLUMNS.length + 1}>
                  <DeliveryDetails id={id} isAdmin={isAdmin} onChange={onChange} />
                </td>
              </tr>
            ),
          ];
        })}
      </tbody>
    </table>
  );
}
