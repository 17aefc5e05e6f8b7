import './stacked-table.css';
import type { ReactNode } from 'react';

/**
 * A table whose rows become cards on narrow screens. CSS that lays rows out as cards removes the
 * implicit roles of a table, so they are given explicitly; cells have a `data-label`.
 */
export function StackedTable({
  caption,
  columns,
  actions,
  className = '',
  children,
}: {
  caption: string;
  columns: readonly string[];
  /** the name of the last column, which holds buttons */
  actions: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <table className={`stacked-table ${className}`} role="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <span className="visually-hidden">{actions}</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}
