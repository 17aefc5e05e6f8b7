import type { IncomingMessage } from 'node:http';
import { InvalidInputError, UnavailableError } from '../../domain/shared/errors.js';
import type { Principal } from '../../domain/shared/principal.js';
import type { ImportSettings } from '../../domain/transfer/import/settings.js';
import { spool, type Spool } from '../../http/spool.js';
import { HttpError, unsupportedMediaType } from '../errors.js';
import type { RestContext, RestHandler } from '../request-context.js';
import { json, type RestResponse } from '../response.js';
import { asParameters, readParameters, type ImportParameters } from './parameters.js';
import { resultBody } from './result.js';

/** `POST imports/`: a file of readings, as it is. */
export const importFile: RestHandler = async (context) => {
  const { request, principal, domain, limits, address } = context;
  const parameters = readParameters(address.query);
  requireFile(request);
  const { importSlots, maxImportBytes, stallMs } = limits;
  try {
    // What is wrong without the file is found before the file is received.
    domain.imports.require(principal, parameters);
    const settings = await settingsOf(context, parameters);
    return await importSlots.run(principal.accountId, async () => {
      const file = await spool(request, { maxBytes: maxImportBytes, stallMs });
      try {
        return await load(context, parameters, settings, file);
      } finally {
        await file.close();
      }
    });
  } catch (error) {
    throw error instanceof InvalidInputError ? asParameters(error) : error;
  }
};

/** How many times its size a compressed file may have. */
const UNPACKED = 16;

async function load(
  { principal, domain, limits, onProgress }: RestContext,
  parameters: ImportParameters,
  settings: ImportSettings,
  file: Spool,
): Promise<RestResponse> {
  const { fileName, createSensors, dryRun, onConflict, reasonCode, comment } = parameters;
  const result = await domain.imports.load(
    principal,
    whileConnected(file.bytes(), principal),
    {
      ...{ settings, fileName, createSensors, dryRun, onConflict, reasonCode },
      comment: comment ?? (fileName === undefined ? 'import' : `import of ${fileName}`),
    },
    {
      onRows: onProgress,
      onKept: (bytes) => limits.share.take(bytes),
      maxUnpackedBytes: limits.maxImportBytes * UNPACKED,
    },
  );
  return json(resultBody(result, dryRun), dryRun ? 200 : 201);
}

/** Those of the profile, and in their place those of the parameters. */
async function settingsOf(
  { principal, domain }: RestContext,
  { profile, settings }: ImportParameters,
): Promise<ImportSettings> {
  if (profile === undefined) return settings;
  const found = (await domain.importProfiles.list(principal)).find(({ name }) => name === profile);
  if (!found) {
    const message = `There is no import profile named ${JSON.stringify(profile)}.`;
    throw InvalidInputError.of('profile', message);
  }
  return { ...found.settings, ...settings };
}

/** The body is the file itself. What its Content-Encoding says is found in its bytes. */
function requireFile({ headers }: IncomingMessage): void {
  const type = headers['content-type'] ?? '';
  if (/^(multipart\/|application\/json\b)/i.test(type)) throw unsupportedMediaType(type);
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (['identity', '', 'gzip', 'x-gzip'].includes(encoding)) return;
  throw new HttpError(415, `Unsupported content encoding "${encoding}" in request.`, {
    'Accept-Encoding': 'gzip',
  });
}

const RETRY_AFTER_SECONDS = 1;

/** Ends the import of a client that has gone. */
async function* whileConnected(
  bytes: AsyncIterable<Buffer>,
  { client }: Principal,
): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    if (client?.aborted) throw new UnavailableError(RETRY_AFTER_SECONDS);
    yield piece;
  }
}
