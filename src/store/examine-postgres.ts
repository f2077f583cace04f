/** What a PostgreSQL database is to Sightline. */
export interface DatabaseFacts {
  readonly version: string;
  /** Whether the database compares how tracks look. */
  readonly usesVectors: boolean;
  /** Why it does not. */
  readonly vectorReason?: string;
  /** The median of a few. */
  readonly commitMs: number;
  /** Whether it is set up to keep what was committed when the power goes. */
  readonly isDurable: boolean;
}

/**
 * Looks at the database of a URL, and changes nothing in it; a running server goes on.
 *
 * @throws {AppError} `store/away`, `store/unusable`
 */
export async function examinePostgres(url: string): Promise<DatabaseFacts> {
  return (await import('./postgres/examine.js')).examine(url);
}
