import type { Client } from 'urql';
import { SensorNamesDocument } from '../../generated/graphql/graphql.js';
import { useAsync } from './use-async.js';

export interface NamedSensor {
  readonly id: string;
  readonly name: string;
}

/** All sensors of the account by name; undefined until they are known. */
export function useSensorNames() {
  const { data: sensors, error, reload: retry } = useAsync<readonly NamedSensor[]>(load);
  return { sensors, error, retry };
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
