import { ExportLink } from '../../components/export-link.js';
import { displayUnits } from '../../display-units.js';
import { iso, type Range } from '../../range/range.js';
import { serverAddress } from '../../server-address.js';
import type { Period } from './period.js';

/** The volumes of the sensors that the page shows, as files. */
export function Exports({
  range,
  period,
  shown: { group, tag, search },
  isReady,
}: {
  range: Range;
  period: Period;
  shown: {
    readonly group: string | undefined;
    readonly tag: string | undefined;
    readonly search: string;
  };
  isReady: boolean;
}) {
  const { timeZone, dayStart } = period;
  const address = (extra: Record<string, string>) => {
    const { start, end } = range;
    const place = { start: iso(start), end: iso(end), timeZone, dayStart };
    const sensors = { ...(group && { group }), ...(tag && { tag }), ...(search && { search }) };
    const asked = { ...place, ...displayUnits, ...extra, ...sensors };
    return serverAddress(`/app/volumes.csv?${new URLSearchParams(asked).toString()}`);
  };
  return (
    <div className="row">
      <ExportLink href={isReady ? address({}) : undefined}>Export (CSV)</ExportLink>
      <ExportLink href={isReady ? address({ interval: 'DAY' }) : undefined}>
        Export by contract day (CSV)
      </ExportLink>
    </div>
  );
}
