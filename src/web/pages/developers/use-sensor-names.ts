import { useEffect, useState } from 'react';
import { useClient, type Client, type CombinedError } from 'urql';
import { SensorNamesDocument } from '../../../generated/graphql/graphql.js';

export interface NamedSensor {
  readonly id: string;
  readonly name: string;
}

/** All sensors of the account by name; undefined until they are known. */
export function useSensorNames() {
  const client = useClient();
  const [sensors, setSensors] = useState<readonly NamedSensor[]>();
  const [error, setError] = useState<CombinedError>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    load(client).then(
      (loaded) => {
        if (!isCurrent) return;
        setSensors(loaded);
        setError(undefined);
      },
      (failure: CombinedError) => {
        if (isCurrent) setError(failure);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [client, attempt]);
  return { sensors, error, retry: () => setAttempt((count) => count + 1) };
}

async function load(client: Client): Promise<NamedSensor[]> {
  const sensors: NamedSensor[] = [];
  let after: string | null | undefined;
  do {
    const { data, error } = await client.query(SensorNamesDocument, { after });
    if (error) throw error;
    sensors.push(...(data?.flowSensors.nodes ?? []));
    const page = data?.flowSensors.pageInfo;
    after = page?.hasNextPage ? page.endCursor : undefined;
  } while (after);
  return sensors;
}
