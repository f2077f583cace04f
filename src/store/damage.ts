/** Of errors of libsql: a page that cannot be read from the disk, or is none, or a row on it that is no row of its table; anything else, such as a full disk, is not. */
export function isDamage(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return /^SQLITE_(CORRUPT|NOTADB|IOERR_READ|IOERR_SHORT_READ|CONSTRAINT|MISMATCH)/.test(String(code));
}
