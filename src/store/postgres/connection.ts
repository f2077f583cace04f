import { hostname } from 'node:os';
import pg from 'pg';
import { messageOf, registerSecret } from '../../base/index.js';
import { storableValue, type Answer, type Queryable } from './queryable.js';

/** A server that does not answer so long is taken for gone. */
const CONNECT_TIMEOUT_MS = 5000;
const QUERY_TIMEOUT_MS = 30_000;
/** `bigint`, and sums of it: all are below 2^53. */
const WHOLE_NUMBERS = new Set([20, 1700]);
/** Of names of applications, in bytes. */
const NAME_MAX = 63;

/** Makes the passwords of a connection's URL unprintable: errors and logs are told what went wrong in words of others. */
export function hidePasswordOf(url: string): void {
  registerSecret(url);
  const password = /^[a-z]+:\/\/[^/?#]*?:([^/?#]*)@/i.exec(url)?.[1];
  const inQuery = /[?&]password=([^&#]*)/i.exec(url)?.[1];
  for (const coded of [password, inQuery]) {
    if (coded === undefined) continue;
    registerSecret(coded);
    try {
      registerSecret(decodeURIComponent(coded));
    } catch {
      // Not percent-encoded: registered as it stands.
    }
  }
}

/** What a connection is opened with. @param purpose what the server's administrator reads in `pg_stat_activity` */
export function connectionConfig(url: string, purpose: string): pg.ClientConfig {
  const name = `sightline ${purpose} ${hostname()} ${process.pid}`;
  return {
    connectionString: url,
    application_name: name.slice(0, NAME_MAX),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser },
  };
}

function getTypeParser(oid: number): unknown {
  return WHOLE_NUMBERS.has(oid) ? Number : pg.types.getTypeParser(oid);
}

/** One connection, and whether it has ended. */
export class Session implements Queryable {
  /** Resolves with the reason when it has ended, however that came. */
  readonly ended: Promise<string>;
  readonly #client: pg.Client;
  /** Names of prepared statements by their text. */
  readonly #names = new Map<string, string>();
  #end: (reason: string) => void = () => undefined;
  #isOver = false;

  private constructor(client: pg.Client) {
    this.#client = client;
    this.ended = new Promise((resolve) => {
      this.#end = (reason) => {
        this.#isOver = true;
        resolve(reason);
      };
    });
    client.on('error', (error) => this.#end(messageOf(error)));
    client.on('end', () => this.#end('the connection was closed'));
  }

  /** @throws {Error} of `pg`, or of the network */
  static async open(config: pg.ClientConfig): Promise<Session> {
    const client = new pg.Client(config);
    const session = new Session(client);
    try {
      await client.connect();
      return session;
    } catch (error) {
      session.destroy('it could not be opened');
      throw error;
    }
  }

  /** Whether nothing more can be asked of it; what was asked last may have been done nevertheless. */
  get isOver(): boolean {
    return this.#isOver;
  }

  async query<Row>(sql: string, values?: readonly unknown[]): Promise<Answer<Row>> {
    try {
      return await ask<Row>(this.#client, sql, values, values && this.#nameOf(sql));
    } catch (error) {
      if (!isOfStatement(error)) this.destroy(messageOf(error));
      throw error;
    }
  }

  /** Several statements without parameters, in one round trip. */
  async script(sql: string): Promise<Answer<unknown>[]> {
    try {
      const results = (await this.#client.query(sql)) as unknown as pg.QueryResult | pg.QueryResult[];
      return [results].flat().map(({ rows, rowCount }) => ({ rows, count: rowCount ?? 0 }));
    } catch (error) {
      if (!isOfStatement(error)) this.destroy(messageOf(error));
      throw error;
    }
  }

  /** Says goodbye. */
  async close(): Promise<void> {
    if (!this.#isOver) await this.#client.end().catch(() => undefined);
    this.#end('it was closed');
  }

  /** Cuts the connection. */
  destroy(reason: string): void {
    this.#end(reason);
    void this.#client.end().catch(() => undefined);
    this.#client.connection.stream.destroy();
  }

  #nameOf(sql: string): string {
    const known = this.#names.get(sql) ?? `s${this.#names.size}`;
    this.#names.set(sql, known);
    return known;
  }
}

/** Asks a client or a pool. @param name of a prepared statement */
export async function ask<Row>(
  client: pg.Client | pg.Pool,
  text: string,
  values: readonly unknown[] = [],
  name?: string,
): Promise<Answer<Row>> {
  const config = { text, values: values.map(storableValue), ...(name !== undefined && { name }) };
  const { rows, rowCount } = await client.query<Row & pg.QueryResultRow>(config);
  return { rows, count: rowCount ?? 0 };
}

/** Whether the server refused a statement and the connection goes on. */
function isOfStatement(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.severity === 'ERROR' && !error.code?.startsWith('08') && !error.code?.startsWith('57P');
}

/** Whether it makes no sense to try again what the server said on connecting: a password, a name, a right that is wrong. */
export function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(28|3D|42|0A|22)/.test(error.code ?? '');
}
