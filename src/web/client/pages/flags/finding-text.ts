import type { FlagFragment } from '../../../../generated/graphql/graphql.js';
import { flowrate } from '../../format.js';

type Finding = FlagFragment['findings'][number];

/** Why a reading was flagged, for people; flowrates in the user's unit. */
export function findingText({ check, limit, reference, readings }: Finding): string {
  const bound = flowrate(limit ?? 0);
  switch (check) {
    case 'FROZEN':
      return `Frozen: at least ${readings} equal readings in a row`;
    case 'RATE_OF_CHANGE':
      return `Changes too fast: from ${flowrate(reference ?? 0)}, limit ${bound} a minute`;
    case 'REASONABILITY':
      return `Not reasonable: limit ${bound}`;
    case 'OPERATIONAL_LIMIT':
      return `Beyond the operational limit ${bound}`;
    case 'LOW_FLOW':
      return `Below the low-flow cut-off ${bound}`;
    case 'DUPLICATE':
      return `Another flowrate for the same instant: ${flowrate(reference ?? 0)}`;
  }
}
