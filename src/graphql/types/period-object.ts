import { sumOf, type Figures } from '../../domain/periods/figures.js';
import { dayOf } from '../../domain/periods/period-figures.js';
import type { PeriodRow } from '../../domain/periods/periods.js';
import type { PeriodDay, PeriodFigures } from './period.type.js';

/** A closed period as the schema has it. */
export type PeriodObject = PeriodRow & { readonly status: 'CLOSED' | 'REOPENED' };

export function periodObject(period: PeriodRow): PeriodObject {
  return { ...period, status: period.reopenedAt ? 'REOPENED' : 'CLOSED' };
}

/** The days of a sensor in a period, and their sums. */
export function sensorDays(
  period: Pick<PeriodRow, 'boundaries'>,
  figures: readonly Figures[],
): { total: PeriodFigures; days: PeriodDay[] } {
  const days = figures.map((each, day) => ({ ...dayOf(period, day), figures: each }));
  return { total: sumOf(figures), days };
}
