import { useEffect } from 'react';
import { Attempt } from '../deliveries/attempt.js';
import { useDelivery } from '../deliveries/use-delivery.js';
import { reasonOf } from '../../../components/failure.js';

/** The first response to a delivery that was just queued, once it arrives. */
export function TestAnswer({ id, onAnswered }: { id: string; onAnswered: () => void }) {
  const { delivery, error } = useDelivery(id, ({ attempts }) => attempts.length === 0);
  const attempt = delivery?.attempts[0];
  const isAnswered = attempt !== undefined;
  useEffect(() => {
    if (isAnswered) onAnswered();
    // Called once, although the caller may pass a new function at each render.
  }, [isAnswered]);
  if (error) return <p className="notice bad">{reasonOf(error)}</p>;
  if (!attempt) return <p className="quiet">Sent; waiting for the response…</p>;
  return <Attempt name="The test" attempt={attempt} nextAttemptAt={delivery.nextAttemptAt} />;
}
