/** What went wrong in general terms; one table in `server/` maps a kind to an HTTP status, one in `cli/` to an exit code. */
export type ErrorKind =
  | 'input' // the caller's data or settings are wrong: say which key, which value and the cure
  | 'unauthorized'
  | 'not-found'
  | 'conflict'
  | 'timeout'
  | 'unavailable' // a part that is needed is missing or down, and may come back
  | 'internal';

/** An error in the plain-data form in which it crosses a thread or process boundary. */
export interface EncodedError {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly stack?: string;
}

/**
 * The one error class of Sightline. `code` is stable and documented (`room/what`, for example
 * `media/ffmpeg-missing`); `message` names the key, the value and the cure.
 */
export class AppError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;

  constructor(code: string, kind: ErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.kind = kind;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Wraps anything thrown as an AppError; an AppError is returned as it is. */
export function toAppError(
  error: unknown,
  code = 'internal/unexpected',
  kind: ErrorKind = 'internal',
): AppError {
  return error instanceof AppError ? error : new AppError(code, kind, messageOf(error), { cause: error });
}

/**
 * Encodes an error for a message between threads or processes: structured clone and fork IPC both lose
 * a custom error's `name`, `code` and `kind`.
 */
export function encodeError(error: unknown): EncodedError {
  const { code, kind, message, stack } = toAppError(error);
  return stack === undefined ? { code, kind, message } : { code, kind, message, stack };
}

/** The inverse of {@link encodeError}. */
export function decodeError(encoded: EncodedError): AppError {
  const error = new AppError(encoded.code, encoded.kind, encoded.message);
  if (encoded.stack !== undefined) error.stack = encoded.stack;
  return error;
}
