import type { RequestHandler } from 'express';
import { NotFoundError } from '../../domain/shared/errors.js';
import type { SigningKey } from '../../domain/statements/signing-key.js';
import type { StatementFormat, Statements } from '../../domain/statements/statements.js';
import { isRecordId } from '../../domain/shared/record-id.js';
import type { RequestAuthenticator } from '../../http/request-authenticator.js';
import { onBehalfOf } from '../../http/response-signal.js';
import { download, type DownloadDeps } from './download.js';

export interface StatementFilesDeps extends DownloadDeps {
  readonly requestAuthenticator: RequestAuthenticator;
  readonly statements: Pick<Statements, 'require' | 'write'>;
  readonly statementKey: Pick<SigningKey, 'publicKey'>;
}

/** Measurement statements as files: for a session, a token or a password. */
export class StatementFiles {
  constructor(private readonly deps: StatementFilesDeps) {}

  readonly json: RequestHandler = this.file('json');
  readonly csv: RequestHandler = this.file('csv');
  readonly pdf: RequestHandler = this.file('pdf');

  /** Who checks a statement may have no credential. */
  readonly key: RequestHandler = async (_request, response) => {
    const { publicKey } = await this.deps.statementKey.publicKey();
    response.set('Cache-Control', 'no-store').type('application/x-pem-file').send(publicKey);
  };

  private file(format: StatementFormat): RequestHandler {
    return async (request, response) => {
      const { requestAuthenticator, statements } = this.deps;
      const principal = await requestAuthenticator.authenticate(request);
      const reader = onBehalfOf(principal, response);
      const number = /^\d{1,10}$/.test(String(request.params.number))
        ? Number(request.params.number)
        : NaN;
      if (!isRecordId(number)) throw new NotFoundError();
      await statements.require(reader, number);
      const name = `statement-${number}.${format}`;
      await download({ request, response, principal, name }, this.deps, (write) =>
        statements.write(reader, number, format, write),
      );
    };
  }
}
