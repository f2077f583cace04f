import { createInterface } from 'node:readline';
import { AppError } from '../base/index.js';
import type { CliInput, CliIo } from './cli-io.js';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/**
 * Asks for a new password: twice and unseen at a terminal, otherwise the first line that is piped in. Never an argument, which every
 * process of the machine could read.
 *
 * @throws {AppError} `cli/no-password`
 */
export async function readNewPassword({ stdin, stderr }: CliIo): Promise<string> {
  if (stdin === undefined) throw noPassword('there is no input to read a password from');
  if (stdin.isTTY !== true) {
    for await (const line of createInterface({ input: stdin })) return line;
    throw noPassword('no password came in: pipe one line, or call it at a terminal');
  }
  stderr.write('New password: ');
  const first = await readUnseen(stdin);
  stderr.write('\nAgain: ');
  const second = await readUnseen(stdin);
  stderr.write('\n');
  if (first !== second) throw noPassword('the two passwords differ: try again');
  return first;
}

function readUnseen(stdin: CliInput): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = (settle: () => void) => {
      stdin.setRawMode?.(false);
      stdin.off('data', onData);
      stdin.pause();
      settle();
    };
    const onData = (chunk: Buffer | string) => {
      for (const letter of chunk.toString()) {
        if (letter === '\r' || letter === '\n') return finish(() => resolve(typed));
        if (letter === CTRL_C || letter === CTRL_D)
          return finish(() => reject(noPassword('no password was given')));
        typed = letter === '\u007f' || letter === '\b' ? [...typed].slice(0, -1).join('') : typed + letter;
      }
    };
    stdin.setRawMode?.(true);
    stdin.on('data', onData);
    stdin.resume();
  });
}

function noPassword(message: string): AppError {
  return new AppError('cli/no-password', 'input', message);
}
