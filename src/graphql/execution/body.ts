import type { ErrorRequestHandler, Response } from 'express';

interface BodyError {
  readonly status: number;
  /** absent where the body could not be decompressed */
  readonly type?: string;
  readonly limit?: number;
  readonly message: string;
}

/** Answers a request whose body could not be read; express gives the reason as the error's type. */
export const refuseBody: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const { status, type, limit, message } = error as BodyError;
  if (!(status >= 400 && status < 500)) {
    next(error);
    return;
  }
  const messages: Record<string, string> = {
    'entity.too.large': `The request's body is larger than ${limit} bytes, decoded.`,
    'entity.parse.failed': `The request's body is not JSON: ${message}`,
  };
  const otherwise = type ? message : `The request's body cannot be decompressed: ${message}`;
  badRequest(response, status, (type && messages[type]) ?? otherwise);
};

/** Answers a request that is malformed. */
export function badRequest(response: Response, status: number, message: string): void {
  response.status(status).json({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
}
