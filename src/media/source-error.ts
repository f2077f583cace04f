import { AppError, messageOf } from '../base/index.js';

/** Refusal by status of HTTP or RTSP; undefined for success. */
export function refusalOf(status: number, where: string): AppError | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) {
    const message = `${where} redirects elsewhere (${status}): configure the address that it points to`;
    return new AppError('media/source-redirect', 'input', message);
  }
  if (status === 401 || status === 403) {
    return new AppError(
      'media/source-unauthorized',
      'unauthorized',
      `${where} refuses user or password (${status}): check both`,
    );
  }
  if (status === 404 || status === 410 || status === 454) {
    return new AppError(
      'media/source-not-found',
      'not-found',
      `${where} has no such stream (${status}): check the path`,
    );
  }
  return new AppError('media/source-unreachable', 'unavailable', `${where} answers with status ${status}`);
}

/** What a failed look-up or connection means. */
export function networkError(error: unknown, where: string): AppError {
  if (error instanceof AppError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME'].includes(code)) {
    return new AppError(
      'media/source-dns',
      'unavailable',
      `the name in ${where} is not known (${code}): check it, or the DNS server`,
      {
        cause: error,
      },
    );
  }
  if (code === 'ETIMEDOUT') return sourceTimeout(where, error);
  // OpenSSL's own words are a line of addresses.
  const why = /^(?:ERR_SSL_|EPROTO)/.test(code) ? `TLS fails there (${code})` : messageOf(error);
  return new AppError('media/source-unreachable', 'unavailable', `${where} cannot be reached: ${why}`, {
    cause: error,
  });
}

/** The error for a source that does not answer in time. */
export function sourceTimeout(where: string, cause?: unknown): AppError {
  return new AppError(
    'media/source-timeout',
    'timeout',
    `${where} does not answer: is it on, and is there a way to it?`,
    { cause },
  );
}

/** The error for a source that holds nothing that can be shown. */
export function sourceUnsupported(where: string, what: string): AppError {
  return new AppError('media/source-unsupported', 'input', `${where} ${what}`);
}
