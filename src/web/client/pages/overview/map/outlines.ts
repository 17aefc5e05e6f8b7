import { useEffect, useState } from 'react';
import { mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import statesUrl from 'us-atlas/states-10m.json?url';
import countriesUrl from 'world-atlas/countries-110m.json?url';

type Atlas = Topology<Record<string, GeometryCollection>>;

const UNITED_STATES = '840';

/**
 * Borders as an SVG path in degrees, x eastward and y southward; undefined until they are loaded.
 */
export function useOutlines(): string | undefined {
  const [outlines, setOutlines] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    outlinesLoaded().then(
      (loaded) => {
        if (isCurrent) setOutlines(loaded);
      },
      // Without them the map still shows where the sensors are.
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, []);
  return outlines;
}

let loading: Promise<string> | undefined;

function outlinesLoaded(): Promise<string> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<string> {
  const [countries, states] = await Promise.all([atlas(countriesUrl), atlas(statesUrl)]);
  // The states come in finer lines than the country, whose own would run beside them.
  const others = mesh(
    countries,
    countries.objects.countries,
    (a, b) => a.id !== UNITED_STATES && b.id !== UNITED_STATES,
  );
  return [others, mesh(states, states.objects.states)]
    .flatMap(({ coordinates }) => coordinates)
    .map(
      (line) => `M${line.map(([longitude, latitude]) => `${longitude},${-latitude!}`).join('L')}`,
    )
    .join('');
}

async function atlas(url: string): Promise<Atlas> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as Atlas;
}
