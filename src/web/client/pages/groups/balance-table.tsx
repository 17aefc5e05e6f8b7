import type { GroupBalanceQuery } from '../../../../generated/graphql/graphql.js';
import { Badge } from '../../components/badge.js';
import { Coverage } from '../../components/coverage.js';
import { volumeUnit } from '../../display-units.js';
import { dayAfter } from '../../range/days.js';
import type { Calendar } from '../../range/presets.js';
import { roundedParts, volumeFormat } from '../../rounded-volumes.js';
import { percentOf } from '../../signed.js';

type Day = NonNullable<GroupBalanceQuery['sensorGroup']>['balance'][number];

const COLUMNS = [
  `In, ${volumeUnit}`,
  `Out, ${volumeUnit}`,
  `Imbalance, ${volumeUnit}`,
  'Of inflow',
];

/** What flowed in and out on each day, oldest first, and altogether. */
export function BalanceTable({ days, calendar }: { days: readonly Day[]; calendar: Calendar }) {
  const totalIn = sum(days.map(({ volumeIn }) => volumeIn));
  const totalOut = sum(days.map(({ volumeOut }) => volumeOut));
  const { decimals, format } = volumeFormat([totalIn, totalOut]);
  const inward = roundedParts(
    totalIn,
    days.map(({ volumeIn }) => volumeIn),
    decimals,
  );
  const outward = roundedParts(
    totalOut,
    days.map(({ volumeOut }) => volumeOut),
    decimals,
  );
  const missing = COLUMNS.map((name) => (
    <td key={name} className="number">
      –
    </td>
  ));
  const cells = (flowedIn: number, flowedOut: number) => (
    <>
      <td className="number">{format(flowedIn)}</td>
      <td className="number">{format(flowedOut)}</td>
      <td className="number">{format(flowedIn - flowedOut)}</td>
      <td className="number">{percentOf(flowedIn - flowedOut, flowedIn)}</td>
    </>
  );
  return (
    <div className="scroll" role="group" aria-label="Balance by day" tabIndex={0}>
      <table>
        <caption className="visually-hidden">Balance by day</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
            <th scope="col">Time measured</th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ start, coverage, volumeIn, volumeOut, state }, index) => (
            <tr key={start}>
              <th scope="row">
                <time dateTime={start}>{dayAfter(start, calendar)}</time> <State state={state} />
              </th>
              {coverage === 0 && volumeIn === 0 && volumeOut === 0
                ? missing
                : cells(inward[index]!, outward[index]!)}
              <td>
                <Coverage share={coverage} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            {cells(sum(inward), sum(outward))}
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** Beside the day, where it is in sight on a narrow screen too. */
function State({ state }: { state: Day['state'] }) {
  if (state === 'ABOVE') return <Badge tone="bad">Out of balance</Badge>;
  if (state === 'WITHIN') return <Badge tone="good">Balanced</Badge>;
  if (state === 'UNMEASURED') return <Badge tone="warning">Not fully measured</Badge>;
  return null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
