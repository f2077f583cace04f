import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitFor } from './wait-for.js';

/** `sightline serve` as a user starts it, without a configuration, in a folder of its own. */
export class ServedDemo {
  url = '';
  listeningMs = 0;
  /** The code that stands on its console; empty where there are users. */
  setupCode = '';
  #output = '';
  /** Where it was started: what it makes lies here. */
  readonly dir = mkdtempSync(path.join(tmpdir(), 'sightline-demo-'));
  readonly #child: ChildProcess;

  constructor() {
    this.#child = spawn(process.execPath, [path.resolve('bin/sightline.mjs'), 'serve', '--port', '0'], {
      cwd: this.dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const note = (chunk: Buffer) => (this.#output += chunk.toString());
    this.#child.stdout?.on('data', note);
    this.#child.stderr?.on('data', note);
  }

  /** The first start converts the detector, which may take a minute on a slow machine. */
  async listening(): Promise<void> {
    await waitFor(
      () => {
        if (this.#child.exitCode !== null) return true;
        this.url = /listening on (http:\S+)/.exec(this.#output)?.[1] ?? '';
        return this.url !== '';
      },
      { timeoutMs: 120_000, what: 'the server to listen' },
    );
    if (this.url === '') throw new Error(`the server ended:\n${this.#output}`);
    this.setupCode = /setup code (\S+)/.exec(this.#output)?.[1] ?? '';
    this.listeningMs = performance.now();
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}
