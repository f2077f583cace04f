import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.js';

const DEBIAN = '/usr/lib/postgresql';
const PASSWORD = 'not-a-secret';

/** Debian keeps the programs of each version in a folder of its own, out of PATH. */
const binDir = existsSync(DEBIAN)
  ? readdirSync(DEBIAN)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => path.join(DEBIAN, version, 'bin'))
      .find((dir) => existsSync(path.join(dir, 'initdb')))
  : (process.env['PATH'] ?? '').split(path.delimiter).find((dir) => existsSync(path.join(dir, 'initdb')));

/** Whether a PostgreSQL server can be started here. */
export const hasPostgres = binDir !== undefined;

/** The user that the server runs as where this is root, as whom it refuses to run. */
function unprivileged(): { name: string; uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [name = '', , uid, gid] =
    users.find(([one]) => one === 'postgres') ?? users.find(([one]) => one === 'nobody')!;
  return { name, uid: Number(uid), gid: Number(gid) };
}

/** A PostgreSQL server of this test alone, on 127.0.0.1, as installed: a commit is on the disk. */
export class PostgresServer {
  readonly port: number;
  readonly #dir: string;
  #databases = 0;

  private constructor(dir: string, port: number) {
    this.#dir = dir;
    this.port = port;
  }

  static async start(): Promise<PostgresServer> {
    const dir = mkdtempSync(path.join(tmpdir(), 'sightline-pg-'));
    const user = unprivileged();
    const passwordFile = path.join(dir, 'password');
    writeFileSync(passwordFile, PASSWORD);
    if (user !== undefined) for (const place of [dir, passwordFile]) chownSync(place, user.uid, user.gid);
    chmodSync(dir, 0o700);
    const server = new PostgresServer(dir, await freePort('tcp'));
    const data = path.join(dir, 'data');
    await server.#run('initdb', '-D', data, '-U', 'admin', '-E', 'UTF8', '--locale=C', '--no-sync', '--auth=scram-sha-256', `--pwfile=${passwordFile}`); // prettier-ignore
    await server.launch();
    await server.asAdmin("CREATE ROLE sightline LOGIN PASSWORD 'not-a-secret'");
    return server;
  }

  /** Starts it, again, and waits until it answers. */
  async launch(): Promise<void> {
    const settings = `-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${this.#dir}`;
    await this.#run('pg_ctl', '-D', path.join(this.#dir, 'data'), '-w', '-l', path.join(this.#dir, 'log'), '-o', settings, 'start'); // prettier-ignore
  }

  /** As by the power's going: nothing is finished. */
  async kill(): Promise<void> {
    await this.#run('pg_ctl', '-D', path.join(this.#dir, 'data'), '-w', '-m', 'immediate', 'stop');
  }

  /** A new database that belongs to an ordinary user; gives its URL. */
  async createDatabase(port = this.port): Promise<string> {
    const name = `db${++this.#databases}`;
    await this.asAdmin(`CREATE DATABASE ${name} OWNER sightline`);
    return `postgres://sightline:${PASSWORD}@127.0.0.1:${port}/${name}`;
  }

  async asAdmin(sql: string, database = 'postgres'): Promise<pg.QueryResult> {
    return queryOnce(`postgres://admin:${PASSWORD}@127.0.0.1:${this.port}/${database}`, sql);
  }

  stop(): void {
    spawnSync(...this.#command('pg_ctl', '-D', path.join(this.#dir, 'data'), '-m', 'immediate', 'stop'));
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #run(program: string, ...args: string[]): Promise<void> {
    const [command, all] = this.#command(program, ...args);
    // Its log goes to a file: a pipe that the server inherits would never end.
    await promisify(execFile)(command, all, { cwd: this.#dir });
  }

  #command(program: string, ...args: string[]): [string, string[]] {
    const file = path.join(binDir!, program);
    const user = unprivileged();
    if (user === undefined) return [file, args];
    return ['setpriv', [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--', file, ...args]];
  }
}

/** Runs a statement in a connection of its own. */
export async function queryOnce(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
