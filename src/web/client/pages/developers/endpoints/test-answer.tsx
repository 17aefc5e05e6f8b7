import { useEffect } from 'react';
import { Attempt } from '../deliveries/attempt.js';
import { useDelivery } from '../deliveries/use-delivery.js';
import { reasonOf } from '../../../components/failure.js';

/** The first answer to a delivery that was just queued, as it comes in. */
export function TestAnswer({ id, onAnswered }: { id: string; onAnswered: () => void }) {
  const { delivery, error } = useDelivery(id, ({ attempts }) => attempts.length === 0);
  const attempt = delivery?.attempts[0];
  const isAnswered = attempt !== undefined;
  useEffect(() => {
    if (isAnswered) onAnswered();
    // Told once: what it does may be another function each time.
  }, [isAnswered]);
  if (error) return <p className="notice bad">{reasonOf(error)}</p>;
  if (!attempt) return <p className="quiet">Sent; waiting for the answer…</p>;
  return <Attempt name="The test" attempt={attempt} nextAttemptAt={delivery.nextAttemptAt} />;
}
