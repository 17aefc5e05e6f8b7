import { Link } from 'wouter';
import type { LogEntryFragment } from '../../../../generated/graphql/graphql.js';
import { Instant } from '../../components/instant.js';
import { reasonName } from '../../reason-name.js';
import { iso } from '../../range/range.js';
import { actionOf, detailsOf, personOf, subjectOf } from './entry-text.js';

const HALF_DAY_MS = 43_200_000;

const COLUMNS = ['When', 'Who', 'What', 'Of', 'Details', 'Reason'];

/** Entries of the log, a row each. CSS lays rows out as cards on narrow screens. */
export function LogTable({
  entries,
  timeZone,
  isBusy,
}: {
  entries: readonly LogEntryFragment[];
  timeZone: string;
  isBusy: boolean;
}) {
  return (
    <table
      className={isBusy ? 'stacked-table log-table outdated' : 'stacked-table log-table'}
      role="table"
      aria-busy={isBusy}
    >
      <caption className="visually-hidden">The log, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          {COLUMNS.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {entries.map((entry) => (
          <Row key={`${entry.kind} ${entry.id}`} entry={entry} timeZone={timeZone} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ entry, timeZone }: { entry: LogEntryFragment; timeZone: string }) {
  const { at, revision, setting, event } = entry;
  const { name, kind } = personOf(entry);
  const comment = revision?.comment ?? setting?.reason;
  const concerns = revision?.datetime;
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <Instant at={at} timeZone={timeZone} />
      </th>
      <td role="cell" data-label="Who">
        <bdi>{name}</bdi> <span className="quiet small">{kind}</span>
        {event?.address && <span className="quiet small">{event.address}</span>}
      </td>
      <td role="cell">{actionOf(entry)}</td>
      <td role="cell" className="log-of">
        <Subject entry={entry} />
      </td>
      <td role="cell" className="log-details">
        {concerns && (
          <>
            <Instant at={concerns} timeZone={timeZone} />:{' '}
          </>
        )}
        <bdi>{detailsOf(entry)}</bdi>
        {setting && isDate(setting.effectiveFrom) && (
          <span className="quiet small">
            {' '}
            from <Instant at={setting.effectiveFrom} timeZone={timeZone} /> on
          </span>
        )}
      </td>
      <td role="cell" className="log-reason">
        {revision?.reasonCode && reasonName(revision.reasonCode)}
        {revision?.reasonCode && comment && ': '}
        <bdi>{comment ?? ''}</bdi>
      </td>
    </tr>
  );
}

/** A link to the sensor as it was then, or what else it was done to. */
function Subject({ entry }: { entry: LogEntryFragment }) {
  const { sensorId, sensorName, at, revision } = entry;
  if (!sensorId) return <bdi>{subjectOf(entry)}</bdi>;
  const middle = Date.parse(revision?.datetime ?? at);
  const range = { start: iso(middle - HALF_DAY_MS), end: iso(middle + HALF_DAY_MS) };
  return (
    <>
      <Link href={`/sensors/${sensorId}?${new URLSearchParams(range).toString()}`}>
        <bdi>{sensorName ?? `Sensor ${sensorId}`}</bdi>
      </Link>{' '}
      <span className="quiet small">#{sensorId}</span>
    </>
  );
}

/** Settings of a sensor without readings are in force ever since. */
function isDate(effectiveFrom: string): boolean {
  return !effectiveFrom.startsWith('0001-');
}
