import type { ExampleSensor } from '../../example-sensor.js';
import { isoInstant } from '../../iso-instant.js';

export interface Example {
  readonly name: string;
  readonly query: string;
  /** JSON */
  readonly variables: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Operations on the account's own sensor. Those that read run unchanged; those that would change
 * data are refused by the server until they are filled in.
 */
export function examples({ sensorId, until }: ExampleSensor): readonly Example[] {
  // The range is half-open: the next full hour includes the last ping.
  const end = new Date(Math.floor(until.getTime() / HOUR_MS + 1) * HOUR_MS);
  const range = (days: number) => ({
    start: isoInstant(end.getTime() - days * DAY_MS),
    end: isoInstant(end),
  });
  return [
    {
      name: 'Sensors with volumes',
      query: SENSORS,
      variables: json(range(1)),
    },
    {
      name: 'Daily contract volumes',
      query: DAILY_VOLUMES,
      variables: json({
        id: sensorId,
        ...range(7),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        dayStart: '07:00',
      }),
    },
    {
      name: 'Series and outages',
      query: SERIES,
      variables: json({ id: sensorId, ...range(2) }),
    },
    {
      name: 'Record pings',
      query: RECORD,
      variables: json({ input: { pings: [reading(sensorId)] } }),
    },
    {
      name: 'Correct pings',
      query: CORRECT,
      variables: json({ input: { pings: [reading(sensorId)], onConflict: 'OVERWRITE' } }),
    },
    {
      name: 'History of corrections and deletions',
      query: HISTORY,
      variables: json({ id: sensorId }),
    },
    {
      name: 'Count pings to delete',
      query: DELETE,
      variables: json({ sensorId, ...range(1), dryRun: true }),
    },
    {
      name: 'Rename a sensor',
      query: RENAME,
      variables: json({ id: sensorId, input: { name: '' } }),
    },
    {
      name: 'Subscribe to pings',
      query: SUBSCRIPTION,
      variables: json({ sensorIds: [sensorId] }),
    },
  ];
}

/** To be filled in: as it is, the server refuses it, so that no false reading is recorded. */
function reading(sensorId: string) {
  return { sensorId, flowrate: 'flowrate in bbl/d', datetime: 'yyyy-mm-ddThh:mm:ssZ' };
}

function json(value: object): string {
  return JSON.stringify(value, undefined, 2);
}

const SENSORS = `# Every sensor with its last reading and the volume of a day, in barrels.
query Sensors($start: DateTime!, $end: DateTime!) {
  flowSensors(first: 20) {
    totalCount
    flowVolume(start: $start, end: $end) {
      volume
    }
    nodes {
      id
      name
      silentSince
      lastPing {
        datetime
        flowrate
      }
      flowVolume(start: $start, end: $end) {
        volume
        coverage
      }
    }
  }
}
`;

const DAILY_VOLUMES = `# Days that begin at 07:00 local time. coverage is the share of the time that was measured.
query DailyVolumes(
  $id: ID!
  $start: DateTime!
  $end: DateTime!
  $timeZone: String!
  $dayStart: String!
) {
  flowSensor(id: $id) {
    name
    flowVolumes(
      interval: DAY
      start: $start
      end: $end
      timeZone: $timeZone
      dayStart: $dayStart
    ) {
      start
      end
      volume
      coverage
      averageFlowrate
    }
  }
}
`;

const SERIES = `# Points for a plot, in bbl/d, and the outages, during which readings are missing.
query Series($id: ID!, $start: DateTime!, $end: DateTime!) {
  flowSensor(id: $id) {
    name
    maxGap
    series(start: $start, end: $end, maxPoints: 24) {
      datetime
      min
      max
      average
    }
    outages(start: $start, end: $end) {
      start
      end
    }
  }
}
`;

const RECORD = `# Records real readings: enter a flowrate and a datetime first. Needs the scope INGEST.
mutation RecordPings($input: RecordPingsInput!) {
  recordPings(input: $input) {
    recorded
    duplicates
  }
}
`;

const CORRECT = `# Replaces the flowrate of stored pings and keeps the previous one in the history: enter a
# datetime of a stored ping and its correct flowrate first. Needs the scope ADMIN.
mutation CorrectPings($input: RecordPingsInput!) {
  recordPings(input: $input) {
    recorded
    duplicates
  }
}
`;

const HISTORY = `# Every correction and deletion of a sensor's pings: who changed what, and when.
query History($id: ID!) {
  flowSensor(id: $id) {
    name
    pingRevisions(first: 50) {
      totalCount
      nodes {
        revisedAt
        revisedBy
        datetime
        oldFlowrate
        newFlowrate
        comment
      }
    }
  }
}
`;

const DELETE = `# Counts the pings in [start, end). With "dryRun": false it deletes them. Needs the scope ADMIN.
mutation DeletePings(
  $sensorId: ID!
  $start: DateTime!
  $end: DateTime!
  $dryRun: Boolean!
) {
  deletePings(sensorId: $sensorId, start: $start, end: $end, dryRun: $dryRun)
}
`;

const RENAME = `# Changes a real sensor: enter its new name first. Needs the scope ADMIN.
mutation RenameSensor($id: ID!, $input: UpdateFlowSensorInput!) {
  updateFlowSensor(id: $id, input: $input) {
    id
    name
  }
}
`;

const SUBSCRIPTION = `# Runs until you stop it. Record a ping in another tab to see it here.
subscription Pings($sensorIds: [ID!]) {
  pingReceived(sensorIds: $sensorIds) {
    id
    datetime
    flowrate
    sensor {
      id
      name
    }
  }
}
`;
