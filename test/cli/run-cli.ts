import { spawn, type ChildProcess } from 'node:child_process';
import { main } from '../../src/cli/index.js';

/** What a command did. */
export interface CliResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command within this process. */
export async function runCli(argv: string[], env: Record<string, string> = {}): Promise<CliResult> {
  let [stdout, stderr] = ['', ''];
  const status = await main(argv, {
    env: { PATH: process.env['PATH'], ...env },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { status, stdout, stderr };
}

/** Runs a command as a process of its own: for what loads ONNX Runtime, which bears no second loading within jest. */
export async function runCliProcess(argv: string[]): Promise<CliResult> {
  const cli = new CliProcess(argv, { cwd: process.cwd(), env: {} });
  const { status } = await cli.ended;
  return { status: status ?? -1, stdout: cli.stdout, stderr: cli.stderr };
}

/** A `sightline` of its own, from `bin/`, as people start it. */
export class CliProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<{ status: number | null; signal: NodeJS.Signals | null }>;
  stdout = '';
  stderr = '';

  constructor(argv: string[], options: { cwd: string; env: Record<string, string> }) {
    this.child = spawn(process.execPath, [`${process.cwd()}/bin/sightline.mjs`, ...argv], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) =>
      this.child.once('close', (status, signal) => resolve({ status, signal })),
    );
  }
}
