import { useEffect } from 'react';
import { useQuery } from 'urql';
import {
  SensorDocument,
  SensorReadingsDocument,
  SensorVolumesDocument,
} from '../../../../generated/graphql/graphql.js';
import { intervalOf, iso, panned, type Range, type View } from './view.js';

/** Beyond what is seen on either side, so that lines run on and panning meets no void. */
const MARGIN = 0.5;
const POINTS_PER_PIXEL = 1.5;
const MOST_POINTS = 5000;

/** Who the sensor is and its last ping. */
export function useSensor(id: string, revision: number) {
  const [result, ask] = useQuery({ query: SensorDocument, variables: { id } });
  useAgain(revision, ask);
  return { ...result, retry: ask };
}

/** What the flowrate plot draws: as fine as its pixels. */
export function useReadings(id: string, range: Range, width: number, revision: number) {
  const [result, ask] = useQuery({
    query: SensorReadingsDocument,
    variables: {
      id,
      start: iso(panned(range, -MARGIN).start),
      end: iso(panned(range, MARGIN).end),
      maxPoints: Math.min(Math.max(Math.round(width * POINTS_PER_PIXEL), 100), MOST_POINTS),
    },
    pause: width === 0,
  });
  useAgain(revision, ask);
  return { ...result, retry: ask };
}

export function useVolumes(id: string, range: Range, view: View, revision: number) {
  const [result, ask] = useQuery({
    query: SensorVolumesDocument,
    variables: {
      id,
      start: iso(range.start),
      end: iso(range.end),
      interval: intervalOf(view, range),
      timeZone: view.timeZone,
      dayStart: view.dayStart,
    },
  });
  useAgain(revision, ask);
  return { ...result, retry: ask };
}

function useAgain(revision: number, ask: () => void): void {
  useEffect(() => {
    if (revision > 0) ask();
    // Asking for something else is useQuery's own part.
  }, [revision]);
}
