import type { EndpointPartsFragment } from '../../../../../generated/graphql/graphql.js';
import type { Tone } from '../../../components/badge.js';
import { age, dateTime } from '../../../format.js';

export interface Health {
  readonly tone: Tone;
  readonly name: string;
  readonly reason?: string;
}

/** An endpoint's state in a word, with the reason where something is wrong. */
export function healthOf(endpoint: EndpointPartsFragment, now: Date): Health {
  const { enabled, disabledReason, failingSince, pausedUntil, recent } = endpoint;
  if (!enabled) {
    if (!disabledReason) {
      return {
        tone: 'quiet',
        name: 'Disabled',
        reason: 'Disabled by an administrator. New readings are not queued.',
      };
    }
    const kept = 'Its events are kept and are sent once you enable it.';
    return { tone: 'bad', name: 'Disabled', reason: `${disabledReason} ${kept}` };
  }
  if (failingSince) {
    const since = `No delivery has succeeded since ${dateTime(new Date(failingSince))} (${age(new Date(failingSince), now)}).`;
    const paused = pausedUntil && Date.parse(pausedUntil) > now.getTime();
    const next = paused ? ` Next try at ${dateTime(new Date(pausedUntil), undefined, true)}.` : '';
    return { tone: 'bad', name: 'Failing', reason: since + next };
  }
  if (recent.nodes.every(({ attempts }) => attempts.length === 0)) {
    return { tone: 'quiet', name: 'Nothing sent yet' };
  }
  return { tone: 'good', name: 'Healthy' };
}
