import type { SystemQuery } from '../../../../generated/graphql/graphql.js';
import { Figure } from '../../components/figure.js';
import { Instant } from '../../components/instant.js';
import { quantity } from '../../format.js';

/** The MQTT broker whose messages are recorded, and the last of them that were refused. */
export function BrokerState({ broker }: { broker: NonNullable<SystemQuery['broker']> }) {
  const { url, isConnected, error, lastMessageAt, recorded, refused, lastRefused } = broker;
  return (
    <section className="stack">
      <h2>MQTT broker</h2>
      <p>
        <code>{url}</code>
      </p>
      <dl className="figures">
        <Figure
          name="Connection"
          value={error ?? (isConnected ? 'connected' : 'not connected')}
          tone={error ? 'bad' : ''}
        />
        {lastMessageAt && <Figure name="Last message" value={<Instant at={lastMessageAt} />} />}
        <Figure name="Recorded readings" value={quantity(recorded)} />
        <Figure name="Refused" value={quantity(refused)} tone={refused > 0 ? 'warning' : ''} />
      </dl>
      {lastRefused.length > 0 && (
        <>
          <h3>Refused last</h3>
          <ul>
            {lastRefused.map(({ at, topic, reason }, index) => (
              <li key={index}>
                <Instant at={at} />, <code>{topic}</code>: {reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
