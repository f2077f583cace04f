import { AppError, messageOf } from '../../base/index.js';

/** The server does not answer, or cannot be written to now. */
export function away(why: string, cause?: unknown): AppError {
  return new AppError(
    'store/away',
    'unavailable',
    `the database of data.postgres is away (${why}): look whether its server runs and can be reached`,
    { cause },
  );
}

/** The server said that it will not have it so. */
export function unusable(cause: unknown): AppError {
  return new AppError(
    'store/unusable',
    'unavailable',
    `the database of data.postgres cannot be used (${messageOf(cause)}): look at its address, user, password and rights`,
    { cause },
  );
}
