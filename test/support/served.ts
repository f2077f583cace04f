import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.js';
import { childrenOf, isAlive } from './process-table.js';
import { waitFor } from './wait-for.js';

/** `sightline serve` with cameras of a test's own, in a folder of its own: can be killed, and started again at the same address. */
export class Served {
  readonly port: number;
  readonly #dir = mkdtempSync(path.join(tmpdir(), 'sightline-served-'));
  #child: ChildProcess | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  /** @param cameras the part of the configuration below `cameras:`, as YAML */
  static async open(cameras: string): Promise<Served> {
    const served = new Served(await freePort('tcp'));
    const config = `server: { port: ${served.port} }\ndata: { dir: data }\nengine: { workers: 1 }\ncameras:\n${cameras}`;
    writeFileSync(path.join(served.#dir, 'sightline.yaml'), config);
    await served.start();
    return served;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, and waits until it listens. The first start converts the detector, which may take a minute on a slow machine. */
  async start(): Promise<void> {
    const command = [path.resolve('bin/sightline.mjs'), 'serve', '--config', 'sightline.yaml'];
    const child = spawn(process.execPath, command, { cwd: this.#dir, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let output = '';
    const note = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    await waitFor(() => child.exitCode !== null || output.includes('listening on'), {
      timeoutMs: 120_000,
      what: 'the server to listen',
    });
    if (child.exitCode !== null) throw new Error(`the server ended:\n${output}`);
  }

  /** Kills it as a lack of memory does; its engine and FFmpeg end by themselves. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Kills the engine alone; whether there was one. */
  killEngine(): boolean {
    const engine = childrenOf(this.#child!.pid!).find(({ pid, name }) => name !== 'ffmpeg' && isAlive(pid));
    if (engine === undefined) return false;
    process.kill(engine.pid, 'SIGKILL');
    return true;
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
