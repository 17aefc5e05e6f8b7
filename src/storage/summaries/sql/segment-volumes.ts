import { linearVolume, stepVolume } from './segment.js';

/**
 * What a segment adds to the volumes of a summary, by their columns: to the measured ones where its gap is at most the max
 * gap in force, else to those of outages.
 * @param segment a row with its gap_ms and max_gap_ms; without a gap, it adds nothing
 */
export function segmentVolumes(segment: string, flowrate: string, nextFlowrate: string) {
  const gap = `${segment}.gap_ms`;
  const linear = linearVolume(flowrate, nextFlowrate, gap);
  const step = stepVolume(flowrate, gap);
  const where = (gapIs: '<=' | '>', volume: string) =>
    `CASE WHEN ${gap} ${gapIs} ${segment}.max_gap_ms THEN ${volume} ELSE 0 END`;
  return {
    measured_linear_volume: where('<=', linear),
    measured_step_volume: where('<=', step),
    outage_linear_volume: where('>', linear),
    outage_step_volume: where('>', step),
  };
}
