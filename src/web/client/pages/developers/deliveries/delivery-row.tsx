import type {
  DeliveryPartsFragment,
  DeliveryStatus,
} from '../../../../../generated/graphql/graphql.js';
import { Badge, type Tone } from '../../../components/badge.js';
import type { IconName } from '../../../components/icon.js';
import { Age } from '../../../components/instant.js';
import { quantity } from '../../../format.js';
import { eventSummary } from './event-summary.js';

const SIGNS: Readonly<Record<DeliveryStatus, { tone: Tone; icon: IconName; name: string }>> = {
  SUCCEEDED: { tone: 'good', icon: 'dot', name: 'Succeeded' },
  PENDING: { tone: 'warning', icon: 'ring', name: 'Pending' },
  FAILED: { tone: 'bad', icon: 'cross', name: 'Failed' },
};

export function StatusBadge({ status }: { status: DeliveryStatus }) {
  const { tone, icon, name } = SIGNS[status];
  return (
    <Badge tone={tone} icon={icon}>
      {name}
    </Badge>
  );
}

export function DeliveryRow({
  delivery: { status, eventType, isTest, sequence, createdAt, payload, attempts },
  now,
  isOpen,
  onToggle,
}: {
  delivery: DeliveryPartsFragment;
  now: Date;
  isOpen: boolean;
  onToggle: () => void;
}) {
  const last = attempts.at(-1);
  const summary = eventSummary(payload);
  return (
    <tr role="row" className={isOpen ? 'is-open' : undefined}>
      <td role="cell">
        <StatusBadge status={status} />
      </td>
      <td role="cell" className="delivery-event">
        <code>{eventType}</code> {isTest && <Badge tone="quiet">Test</Badge>}
        <div className="small quiet">{summary}</div>
      </td>
      <td role="cell" data-label="Number">
        {typeof sequence === 'number' ? quantity(sequence) : '–'}
      </td>
      <td role="cell" data-label="Queued">
        <Age at={createdAt} now={now} />
      </td>
      <td role="cell" data-label="Last answer" className="delivery-answer">
        {last ? answerOf(last) : '–'}
      </td>
      <td role="cell" data-label="Attempts">
        {attempts.length}
      </td>
      <td role="cell">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={`Details of ${eventType}${typeof sequence === 'number' ? ` ${sequence}` : ''}, ${summary}`}
          onClick={onToggle}
        >
          {isOpen ? 'Close' : 'Details'}
        </button>
      </td>
    </tr>
  );
}

function answerOf({
  status,
  error,
  durationMs,
}: DeliveryPartsFragment['attempts'][number]): string {
  const answer = typeof status === 'number' ? `HTTP ${status}` : (error ?? 'no answer');
  return `${answer}, ${quantity(durationMs)} ms`;
}
