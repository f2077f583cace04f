import type { Readable } from 'node:stream';
import type { Environment } from '../config/index.js';

/** Where a command reads its settings from and writes to; the process's own by default. */
export interface CliIo {
  readonly env: Environment;
  readonly stdout: CliOutput;
  readonly stderr: CliOutput;
  /** Absent: nothing can be asked. */
  readonly stdin?: CliInput;
}

/** What is typed, or piped in. */
export type CliInput = Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };

/** One text output. */
export interface CliOutput {
  /** Whether a person watches: decides about colours and progress bars. */
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** The process's environment and outputs. */
export const processIo: CliIo = {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
};
