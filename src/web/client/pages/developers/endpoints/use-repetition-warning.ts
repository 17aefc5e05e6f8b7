import { useState } from 'react';
import { useClient } from 'urql';
import {
  WebhookTargetsDocument,
  type EndpointPartsFragment,
  type WebhookTargetsQuery,
} from '../../../../../generated/graphql/graphql.js';

type Target = Omit<WebhookTargetsQuery['webhookEndpoints']['nodes'][number], 'id'>;

/**
 * Warns once before an endpoint is saved that would send what another endpoint already sends to the
 * same URL: a receiver that adds up readings would count them twice.
 */
export function useRepetitionWarning(endpoint: EndpointPartsFragment | undefined) {
  const client = useClient();
  const [warning, setWarning] = useState<{ key: string; events: readonly string[] }>();

  const maySave = async (target: Target): Promise<boolean> => {
    const key = keyOf(target);
    if (key === warning?.key || (endpoint && key === keyOf(endpoint))) return true;
    const { data } = await client.query(WebhookTargetsDocument, {});
    const others = data?.webhookEndpoints.nodes.filter(({ id }) => id !== endpoint?.id) ?? [];
    const events = [...new Set(others.flatMap((other) => repeatedEvents(target, other)))];
    setWarning(events.length > 0 ? { key, events } : undefined);
    return events.length === 0;
  };
  return { repeated: warning?.events, maySave };
}

/**
 * The events that two endpoints would both send to one URL; none if they have nothing in common.
 */
function repeatedEvents(one: Target, other: Target): readonly string[] {
  if (normalized(one.url) !== normalized(other.url)) return [];
  const shareSensors =
    !one.sensorIds || !other.sensorIds || one.sensorIds.some((id) => other.sensorIds?.includes(id));
  return shareSensors ? one.eventTypes.filter((type) => other.eventTypes.includes(type)) : [];
}

function keyOf({ url, sensorIds, eventTypes }: Target): string {
  return JSON.stringify([normalized(url), sensorIds ?? null, eventTypes]);
}

function normalized(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
