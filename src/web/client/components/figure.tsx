import './figure.css';
import type { ReactNode } from 'react';

/** One figure of a list (dl): its name and its value. */
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
