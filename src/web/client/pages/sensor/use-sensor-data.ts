import {
  SensorDocument,
  SensorHistoryVolumeDocument,
  RevisionsDocument,
  SensorReadingsDocument,
  SensorVolumesDocument,
} from '../../../../generated/graphql/graphql.js';
import { iso, panned } from '../../range/range.js';
import { useAnswer } from './use-answer.js';
import type { ViewState } from './use-view.js';
import { intervalOf } from './view.js';

/** Beyond the visible range on either side, so that lines continue and panning shows no gap. */
const MARGIN = 0.5;
const POINTS_PER_PIXEL = 1.5;
const MIN_POINTS = 100;
const MAX_POINTS = 5000;

/** The sensor's own data and its last reading. */
export function useSensor(id: string, revision: number) {
  return useAnswer(SensorDocument, { question: id, variables: { id }, revision });
}

/** What the flowrate plot draws: as fine as its pixels. */
export function useReadings(id: string, state: ViewState, width: number, revision: number) {
  const { settled } = state;
  const maxPoints = Math.min(
    Math.max(Math.round(width * POINTS_PER_PIXEL), MIN_POINTS),
    MAX_POINTS,
  );
  return useAnswer(SensorReadingsDocument, {
    question: `${rangeQuestion(state)} ${maxPoints}`,
    variables: {
      id,
      start: iso(panned(settled, -MARGIN).start),
      end: iso(panned(settled, MARGIN).end),
      maxPoints,
    },
    revision,
    pause: width === 0,
  });
}

/** What corrections and deletions of the range's readings replaced. */
export function useRevisions(id: string, state: ViewState, revision: number) {
  const { start, end } = state.settled;
  return useAnswer(RevisionsDocument, {
    question: rangeQuestion(state),
    variables: { id, start: iso(start), end: iso(end) },
    revision,
  });
}

/** The volume together with that of the meters that the sensor replaced. */
export function useHistoryVolume(id: string, state: ViewState, revision: number) {
  const { start, end } = state.settled;
  return useAnswer(SensorHistoryVolumeDocument, {
    question: rangeQuestion(state),
    variables: { id, start: iso(start), end: iso(end) },
    revision,
  });
}

export function useVolumes(id: string, state: ViewState, revision: number) {
  const { view, settled } = state;
  const { timeZone, dayStart } = view;
  const interval = intervalOf(view, settled);
  return useAnswer(SensorVolumesDocument, {
    question: [rangeQuestion(state), interval, timeZone, dayStart].join(' '),
    variables: {
      id,
      start: iso(settled.start),
      end: iso(settled.end),
      interval,
      timeZone,
      dayStart,
    },
    revision,
  });
}

/** It stays the same for a range that ends now while time passes. */
function rangeQuestion({ view, settled }: ViewState): string {
  const { preset, range, timeZone, dayStart } = view;
  if (preset) return [preset.key, timeZone, dayStart].join(' ');
  return range ? `${range.start} ${range.end}` : `${settled.start} ${settled.end}`;
}
