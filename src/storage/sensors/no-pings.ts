import type { Prisma } from '../../generated/prisma/client.js';
import { ALL, ALL_START } from '../summaries/sql/level.js';

/** The summary of all pings of a new sensor. */
export const NO_PINGS = {
  level: ALL,
  start: new Date(ALL_START),
  pingCount: 0,
  measuredLinearVolume: 0,
  measuredStepVolume: 0,
  outageLinearVolume: 0,
  outageStepVolume: 0,
  coveredMs: 0,
  longestGapMs: 0,
  flowrateSum: 0,
} satisfies Omit<Prisma.PingSummaryCreateInput, 'sensorId'>;
