import type { EndpointPartsFragment } from '../../../../../generated/graphql/graphql.js';
import { Age } from '../../../components/instant.js';

const WIDTH = 7;
const HEIGHTS = { SUCCEEDED: 8, PENDING: 14, FAILED: 20 } as const;

/** The last deliveries, newest on the right: a taller bar is a worse outcome. */
export function RecentDeliveries({
  deliveries,
  now,
}: {
  deliveries: EndpointPartsFragment['recent']['nodes'];
  now: Date;
}) {
  if (deliveries.length === 0) return null;
  const count = (status: keyof typeof HEIGHTS) =>
    deliveries.filter((delivery) => delivery.status === status).length;
  const counts = [
    `${count('SUCCEEDED')} succeeded`,
    count('FAILED') > 0 && `${count('FAILED')} failed`,
    count('PENDING') > 0 && `${count('PENDING')} pending`,
  ];
  const last = deliveries
    .flatMap(({ attempts }) => attempts.map((each) => each.attemptedAt))
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);
  return (
    <div className="recent-deliveries">
      <svg width={deliveries.length * WIDTH} height="20" aria-hidden="true">
        {deliveries.toReversed().map(({ id, status }, index) => (
          <rect
            key={id}
            className={status.toLowerCase()}
            x={index * WIDTH}
            y={20 - HEIGHTS[status]}
            width={WIDTH - 2}
            height={HEIGHTS[status]}
            rx="1"
          />
        ))}
      </svg>
      <p className="small quiet">
        Last {deliveries.length}: {counts.filter(Boolean).join(', ')}
        {last && (
          <>
            {' '}
            · tried <Age at={last} now={now} />
          </>
        )}
      </p>
    </div>
  );
}
