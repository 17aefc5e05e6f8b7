import type { Request, RequestHandler } from 'express';
import { LOG_KINDS, type AccountLog, type AskedLog } from '../../domain/log/account-log.js';
import { AUDIT_EVENT_TYPES } from '../../domain/shared/audit.js';
import { InvalidInputError } from '../../domain/shared/errors.js';
import { isRecordId } from '../../domain/shared/record-id.js';
import { FLOWRATE_UNITS } from '../../domain/shared/units.js';
import type { RequestAuthenticator } from '../../http/request-authenticator.js';
import { onBehalfOf } from '../../http/response-signal.js';
import { download, type DownloadDeps } from './download.js';
import { logHeader, logLine, logRow } from './log-lines.js';
import { instant, parameter, unit } from './query-parameters.js';

export interface LogFilesDeps extends DownloadDeps {
  readonly requestAuthenticator: RequestAuthenticator;
  readonly accountLog: Pick<AccountLog, 'entries'>;
}

/**
 * The account's log as files, oldest entry first: for a session, a token or a password. `?kinds=`
 * and `&types=` with commas between, `&sensor=&person=&start=&end=`, all optional; streamed.
 */
export class LogFiles {
  constructor(private readonly deps: LogFilesDeps) {}

  /** A JSON object on each line; flowrates in bbl/d. */
  readonly ndjson: RequestHandler = this.file('ndjson', () => ({
    header: '',
    write: logLine,
  }));

  /** Flowrates in bbl/d unless `&flowrateUnit=` says otherwise. */
  readonly csv: RequestHandler = this.file('csv', (request) => {
    const flowrateUnit = unit(request, 'flowrateUnit', FLOWRATE_UNITS) ?? 'bbl/d';
    return { header: logHeader(flowrateUnit), write: (entry) => logRow(entry, flowrateUnit) };
  });

  private file(
    extension: string,
    formatOf: (request: Request) => { header: string; write: typeof logLine },
  ): RequestHandler {
    return async (request, response) => {
      const { requestAuthenticator, accountLog } = this.deps;
      const principal = await requestAuthenticator.authenticate(request);
      const asked = askedBy(request);
      const { header, write } = formatOf(request);
      const entries = accountLog.entries(onBehalfOf(principal, response), asked);
      const name = `log.${extension}`;
      await download({ request, response, principal, name }, this.deps, async (send) => {
        let before = header;
        for await (const some of entries) {
          await send(before + some.map(write).join(''));
          before = '';
        }
        if (before) await send(before);
      });
    };
  }
}

function askedBy(request: Request): AskedLog {
  const sensor = parameter(request, 'sensor');
  const sensorId = Number(sensor);
  if (sensor !== undefined && !isRecordId(sensorId)) {
    throw InvalidInputError.of('sensor', 'sensor must be the id of a flow sensor.');
  }
  return {
    kinds: listOf(request, 'kinds', LOG_KINDS),
    types: listOf(request, 'types', AUDIT_EVENT_TYPES),
    ...(sensor !== undefined && { sensorId }),
    person: parameter(request, 'person'),
    start: instant(request, 'start'),
    end: instant(request, 'end'),
  };
}

/** @throws InvalidInputError of a name that is not among those known */
function listOf<Name extends string>(
  request: Request,
  name: string,
  known: readonly Name[],
): Name[] | undefined {
  return parameter(request, name)
    ?.split(',')
    .map((text) => {
      const found = known.find((each) => each === text);
      if (found) return found;
      throw InvalidInputError.of(name, `${name} must be of ${known.join(', ')}.`);
    });
}
