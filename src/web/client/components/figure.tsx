import './figure.css';
import type { ReactNode } from 'react';

/** One of a list (dl) of figures: what it is, and how much. */
export function Figure({
  name,
  value,
  tone = '',
}: {
  name: string;
  value: ReactNode;
  tone?: '' | 'warning' | 'bad';
}) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd className={tone}>{value}</dd>
    </div>
  );
}
