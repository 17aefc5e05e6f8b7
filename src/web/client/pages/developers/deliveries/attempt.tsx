import { Badge } from '../../../components/badge.js';
import { CodeBlock } from '../../../components/code-block.js';
import { dateTime, quantity, utc } from '../../../format.js';
import { nextAttempt } from './next-attempt.js';
import type { Delivery } from './use-delivery.js';

/** One attempt: what was sent, and what was answered. */
export function Attempt({
  name,
  attempt: { attemptedAt, status, durationMs, error, response, request },
  nextAttemptAt,
}: {
  name: string;
  attempt: Delivery['attempts'][number];
  nextAttemptAt?: string | null;
}) {
  const at = new Date(attemptedAt);
  const isGood = typeof status === 'number' && status >= 200 && status < 300;
  return (
    <section className="attempt" aria-label={name}>
      <p className="row">
        <strong>{name}</strong>
        <Badge tone={isGood ? 'good' : 'bad'}>
          {typeof status === 'number' ? `HTTP ${status}` : 'No answer'}
        </Badge>
        <span>{quantity(durationMs)} ms</span>
        <span className="quiet small">
          {dateTime(at, undefined, true)} ({utc(at)})
        </span>
      </p>
      {/* An error that only repeats the status is left out. */}
      {error && error !== `HTTP ${status}` && <p className="attempt-error">{error}</p>}
      {response ? (
        <CodeBlock name={`${name}: response`} text={response} wraps />
      ) : (
        typeof status === 'number' && <p className="quiet small">The response body was empty.</p>
      )}
      <details>
        <summary>Request</summary>
        <CodeBlock name={`${name}: request`} text={request} wraps />
        <p className="quiet small">Secret headers are hidden.</p>
      </details>
      {nextAttemptAt && <p className="small">Next try {nextAttempt(nextAttemptAt)}.</p>}
    </section>
  );
}
