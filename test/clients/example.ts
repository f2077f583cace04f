import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { build } from 'esbuild';
import { waitFor } from '../support/wait-for.js';

const EXAMPLES = path.resolve('clients/examples');

/** Whether a program is there and, asked with these arguments, does not fail. */
const works = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

/** The Python that there is; undefined without one. */
export const python = ['python3', '/usr/bin/python3'].find((program) => works(program, '--version'));
/** One that has the package `websockets`. */
export const pythonWithWebSockets = ['python3', '/usr/bin/python3'].find((program) =>
  works(program, '-c', 'import websockets'),
);
/** Whether there are curl and a shell. */
export const hasCurl = works('curl', '--version') && works('sh', '-c', 'true');

/** Builds an example in TypeScript with the client's sources in place of the package; answers with the file to run. */
export async function builtExample(name: string, dir: string): Promise<string> {
  const outfile = path.join(dir, `${name}.mjs`);
  await build({
    entryPoints: [path.join(EXAMPLES, 'typescript', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: { '@sightline/client': path.resolve('clients/typescript/src/index.ts') },
    logLevel: 'error',
  });
  return outfile;
}

/** A program of `clients/examples`, running. */
export class Example {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(
    program: string,
    args: readonly string[],
    options: { cwd: string; env: Record<string, string> },
  ) {
    // A group of its own, so that what a shell starts ends with it.
    this.#child = spawn(program, args, {
      cwd: options.cwd,
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#exited = once(this.#child, 'close');
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** The path of an example. */
  static file(name: string): string {
    return path.join(EXAMPLES, name);
  }

  get lines(): string[] {
    return this.stdout.split('\n').filter((line) => line !== '');
  }

  async untilLines(count: number): Promise<void> {
    await waitFor(() => this.lines.length >= count, {
      timeoutMs: 20_000,
      what: `${count} lines; there is ${this.stdout}${this.stderr}`,
    });
  }

  /** Its exit status. */
  async exited(): Promise<number | null> {
    await this.#exited;
    return this.#child.exitCode;
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      process.kill(-this.#child.pid!, 'SIGKILL');
    await this.#exited;
  }
}
