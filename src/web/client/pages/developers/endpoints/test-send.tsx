import { useMutation } from 'urql';
import {
  SendTestWebhookDocument,
  type EndpointPartsFragment,
} from '../../../../../generated/graphql/graphql.js';
import { reasonOf } from '../../../components/failure.js';
import { TestAnswer } from './test-answer.js';

/** Sends a test event now, and shows the response. */
export function TestSend({
  endpoint: { id, url, enabled },
  onSent,
}: {
  endpoint: EndpointPartsFragment;
  onSent: () => void;
}) {
  const [{ data, error, fetching }, send] = useMutation(SendTestWebhookDocument);
  if (!enabled) return <p className="small quiet">Enable it to send a test.</p>;
  const sent = data?.sendTestWebhook.id;
  return (
    <>
      <button
        type="button"
        className="primary"
        aria-label={`Send a test to ${url}`}
        disabled={fetching}
        onClick={async () => {
          await send({ id });
          onSent();
        }}
      >
        Send a test
      </button>
      <div className="test-answer" role="status">
        {error && <p className="notice bad">{reasonOf(error)}</p>}
        {sent && !fetching && <TestAnswer key={sent} id={sent} onAnswered={onSent} />}
      </div>
    </>
  );
}
