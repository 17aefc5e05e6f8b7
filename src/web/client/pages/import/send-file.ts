import { reportReachable } from '../../connection.js';
import { serverAddress } from '../../server-address.js';
import { csrfToken, endSession } from '../../session.js';
import { answerOf, type Answer } from './answer.js';

/** How far an import is: a share of 1 of the file that was sent, and then rows that were read. */
export interface Progress {
  readonly sent: number;
  readonly rows: number;
}

/**
 * Sends a file to be previewed or loaded. `fetch` would not say how much of it was sent.
 * @param parameters of `POST /api/v1/imports/`
 */
export function sendFile(
  file: File,
  parameters: URLSearchParams,
  onProgress: (progress: Progress) => void,
): Promise<Answer> {
  const request = new XMLHttpRequest();
  request.open('POST', serverAddress(`/api/v1/imports/?${parameters}`));
  request.setRequestHeader('X-CSRF-Token', csrfToken());
  request.setRequestHeader('Accept', 'application/x-ndjson, application/json');
  request.setRequestHeader('Content-Type', 'application/octet-stream');
  request.upload.onprogress = ({ loaded, total }) =>
    onProgress({ sent: total > 0 ? loaded / total : 1, rows: 0 });
  request.onprogress = () => {
    const rows = rowsOf(request.responseText);
    if (rows !== undefined) onProgress({ sent: 1, rows });
  };
  return new Promise((resolve) => {
    request.onload = () => {
      reportReachable(true);
      if (request.status === 401) endSession({ isBusy: true });
      resolve(lastAnswer(request));
    };
    request.onerror = () => {
      resolve({ kind: 'failure', message: 'The server cannot be reached. Nothing was loaded.' });
    };
    request.send(file);
  });
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** The number in the last whole line that has one. */
function rowsOf(text: string): number | undefined {
  const line = linesOf(text.slice(0, text.lastIndexOf('\n') + 1)).at(-1);
  const rows = line && /^\{"rows":(\d+)\}$/.exec(line)?.[1];
  return rows ? Number(rows) : undefined;
}

function lastAnswer({ status, responseText }: XMLHttpRequest): Answer {
  try {
    const body = JSON.parse(linesOf(responseText).at(-1) ?? '') as Record<string, unknown>;
    if (typeof body.status === 'number') return answerOf(body.status, body.body);
    return answerOf(status, body);
  } catch {
    return { kind: 'failure', message: 'The server did not answer. Look whether it was loaded.' };
  }
}
