import { STATUS_CODES } from 'node:http';
import { AppError, toAppError, type ErrorKind } from '../base/index.js';
import type { Problem } from './protocol.js';

/** Media type of a {@link Problem}. */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The one table from what went wrong to an HTTP status. */
const STATUS_BY_KIND: Readonly<Record<ErrorKind, number>> = {
  input: 400,
  unauthorized: 401,
  'not-found': 404,
  conflict: 409,
  timeout: 504,
  unavailable: 503,
  internal: 500,
};

/** Where HTTP knows better than the kind does. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'access/wrong-setup-code': 403,
  'access/current-password-required': 403,
  'access/beyond-own-rights': 403,
  'access/no-role': 403,
  'access/oidc-refused': 403,
  'access/redacted': 403,
  'access/setup-done': 410,
  'access/weak-password': 422,
  'access/bad-name': 422,
  'access/bad-grant': 422,
  'access/too-many-attempts': 429,
  'config/changed-meanwhile': 412,
  'config/file-only': 403,
  'ingest/address-not-allowed': 422,
  'model/licence-not-accepted': 422,
  'server/access-closed': 403,
  'server/changed-meanwhile': 412,
  'server/if-match-required': 428,
  'server/forbidden': 403,
  'server/body-too-large': 413,
  'server/upload-too-large': 413,
  'server/upload-no-video': 422,
  'server/unsupported-body': 415,
  'server/invalid-body': 422,
  'server/too-many-camera-tests': 429,
  'server/too-many-sockets': 429,
  'server/foreign-origin': 403,
  'server/method-not-allowed': 405,
  'server/foreign-host': 421,
  'server/upgrade-required': 426,
  'server/headers-too-large': 431,
  'server/range-outside': 416,
  'server/snapshot-gone': 410,
  'server/request-timeout': 408,
};

/** For what passes by itself: when it is worth to ask again. */
export const RETRY_AFTER_SECONDS: Readonly<Record<string, number>> = {
  'access/busy': 5,
  'access/oidc-unreachable': 5,
  'access/too-many-attempts': 60,
  'engine/redact-busy': 2,
  'ingest/picture-failed': 1,
  'ingest/picture-timeout': 5,
  'live/no-picture': 1,
  'live/snapshot-busy': 2,
  'recording/clip-busy': 10,
  'scene/busy': 5,
  'server/camera-not-live': 5,
  'server/too-many-camera-tests': 15,
  'server/too-many-clips': 5,
  'server/too-many-pictures': 2,
  'server/too-many-searches': 2,
  'server/too-many-searches-for-cameras': 5,
  'server/too-many-uploads': 30,
};

/** The answer to an error. What is not an AppError is a fault of ours: its message may tell inner things and stays in the log. */
export function problemOf(error: unknown): Problem {
  const known =
    error instanceof AppError
      ? error
      : new AppError(
          'internal/unexpected',
          'internal',
          'something failed within the server; its log says what',
        );
  const status = STATUS_BY_CODE[known.code] ?? STATUS_BY_KIND[known.kind];
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: known.message,
    code: known.code,
  };
}

/** Makes an AppError of what express throws for a bad request (an undecodable path, say), and leaves all else as it is. */
export function fromExpress(error: unknown): unknown {
  const status = (error as { status?: unknown } | null)?.status;
  if (error instanceof AppError || typeof status !== 'number' || status < 400 || status > 499) return error;
  if (status === 404) return notFound();
  if (status === 413)
    return new AppError(
      'server/body-too-large',
      'input',
      'the body is larger than this address takes: 1 MiB, or 4 MiB of a file',
    );
  if (status === 415)
    return new AppError(
      'server/unsupported-body',
      'input',
      'send the body as application/json, not compressed',
    );
  return new AppError(
    'server/bad-request',
    'input',
    'the request cannot be understood: check its path and headers',
    {
      cause: error,
    },
  );
}

/** The answer where nothing is. Says nothing of the path asked for, so that nothing is reflected. */
export function notFound(): AppError {
  return new AppError(
    'server/not-found',
    'not-found',
    'there is nothing at this address: see /api/v1/cameras, /readyz or /',
  );
}

/** A whole HTTP/1.1 answer, for sockets that express does not hold (refused upgrades, unreadable requests). */
export function rawProblem(error: unknown): string {
  const problem = problemOf(toAppError(error));
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    ...(problem.status === 401 ? ['WWW-Authenticate: Bearer'] : []),
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** The answer for a camera that is not there; does not repeat the asked-for id. */
export function cameraNotFound(): AppError {
  return new AppError(
    'server/no-such-camera',
    'not-found',
    'there is no camera of this id: see /api/v1/cameras',
  );
}

/** The answer about a picture of a camera that sends none. */
export function cameraNotLive(): AppError {
  const message = 'the camera is not live now: its state is at /api/v1/cameras; try again when it is live';
  return new AppError('server/camera-not-live', 'unavailable', message);
}

/** The answer to a method that an address does not take. */
export function methodNotAllowed(allowed: readonly string[]): AppError {
  return new AppError('server/method-not-allowed', 'input', `this address takes ${allowed.join(', ')} only`);
}

/** The answer where pages are not on the disk. */
export function notBuilt(what: string): AppError {
  return new AppError(
    'server/dashboard-missing',
    'unavailable',
    `${what} not been built: run \`npm run build\`; the API works without it`,
  );
}
