import type { RestHandler } from './request-context.js';
import { importFile } from './imports/import-file.js';
import { FILE_TYPES, JSON_TYPE, NDJSON_TYPE, type MediaType } from './media-type.js';
import {
  getFlowVolume,
  getSensor,
  listFlowVolumeHours,
  listPings,
  listSensors,
} from './handlers/read.js';
import { recordPings, recordPingsOfSensor } from './handlers/record.js';

/** A path, without its leading `/api/v1/`, and its methods. */
export interface Route {
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly get?: RestHandler;
  readonly post?: RestHandler;
  /** media types that a request's body may have */
  readonly parses: readonly MediaType[];
}

export const ROUTES: readonly Route[] = [
  {
    path: 'flow_sensors/',
    name: 'Flow Sensor List',
    description: 'All flow sensors of the account, by id.',
    get: listSensors,
    parses: [JSON_TYPE],
  },
  {
    path: 'flow_sensors/:id/',
    name: 'Flow Sensor',
    description: 'One flow sensor.',
    get: getSensor,
    parses: [JSON_TYPE],
  },
  {
    path: 'flow_sensors/:id/pings/',
    name: 'Ping List',
    description: 'Lists the pings of a flow sensor, newest first, and records new ones.',
    get: listPings,
    post: recordPingsOfSensor,
    parses: [JSON_TYPE],
  },
  {
    path: 'flow_sensors/:id/flow_volume/:start/:end/',
    name: 'Flow Volume',
    description: 'The volume in barrels that flowed from start to end.',
    get: getFlowVolume,
    parses: [JSON_TYPE],
  },
  {
    path: 'flow_sensors/:id/flow_volume_hours/:start/:end/',
    name: 'Flow Volume Hour List',
    description: 'The volumes in barrels of the clock hours from start to end, newest first.',
    get: listFlowVolumeHours,
    parses: [JSON_TYPE],
  },
  {
    path: 'pings/',
    name: 'Ping Record',
    description: 'Records pings of any flow sensors of the account.',
    post: recordPings,
    parses: [JSON_TYPE, NDJSON_TYPE],
  },
  {
    path: 'imports/',
    name: 'Import',
    description: 'Loads pings from a CSV file or an Excel workbook, whole or not at all.',
    post: importFile,
    parses: FILE_TYPES,
  },
];

/** The value of Allow, in the order of Django REST Framework. */
export function allowed({ get, post }: { get?: unknown; post?: unknown }): string {
  const methods = [get && 'GET', post && 'POST', get && 'HEAD', 'OPTIONS'];
  return methods.filter(Boolean).join(', ');
}
