import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@jest/globals';
import Database from 'libsql';
import type { RecordingPage } from '../../src/server/protocol.js';
import { waitFor } from '../support/wait-for.js';

/** Numbers and types of all stored messages of a server that has ended, whose database is sound. */
export function storedMessages(dataDir: string): { readonly seq: number; readonly type: string }[] {
  const database = new Database(path.join(dataDir, 'sightline.db'));
  expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  const kept = database.prepare('SELECT seq, type FROM journal ORDER BY seq').all([]);
  database.close();
  return kept as { seq: number; type: string }[];
}

/** A server of its own process that records one camera all the time. */
export class RecordingServer {
  url = '';
  #child: ChildProcess | undefined;

  constructor(readonly dir: string) {}

  async writeConfig(source: string, more = ''): Promise<void> {
    await writeFile(
      path.join(this.dir, 'sightline.yaml'),
      `server: { port: 0 }\ndata: { dir: data }\nengine: { workers: 1 }\n${more}` +
        `cameras:\n  gate: { source: ${source}, analyse: { width: 64, fps: 1 }, record: { mode: continuous, segmentSeconds: 5 } }\n`,
    );
  }

  /** @param env beside what this process has */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const args = ['bin/sightline.mjs', 'serve', '--config', path.join(this.dir, 'sightline.yaml')];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...env },
    });
    this.#child = child;
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    this.url = await waitFor(() => /http:\/\/\S+/.exec(output)?.[0], {
      timeoutMs: 60_000,
      what: 'the server',
    });
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  get isAlive(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!this.isAlive || child === undefined) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exited;
  }

  async get<T>(route: string): Promise<T> {
    return (await (await fetch(new URL(route, this.url))).json()) as T;
  }

  recordings(fromMs = Date.now() - 3600_000, toMs = Date.now()): Promise<RecordingPage> {
    const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
    return this.get(`/api/v1/recordings?camera=gate&from=${from}&to=${to}`);
  }

  clipUrl(fromMs: number, toMs: number, more = ''): string {
    const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
    return `${this.url.replace(/\/$/, '')}/api/v1/recordings/gate/clip.mp4?from=${from}&to=${to}${more}`;
  }

  async untilRecorded(seconds: number): Promise<void> {
    const recorded = async () => {
      const { recordings } = await this.recordings(Date.now() - 60_000);
      return recordings.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0) / 1000;
    };
    const what = `${seconds} s to be recorded`;
    await waitFor(async () => (await recorded()) >= seconds, { timeoutMs: (seconds + 40) * 1000, what });
  }
}
