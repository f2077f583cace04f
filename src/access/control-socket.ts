import { chmod, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import {
  AppError,
  decodeError,
  encodeError,
  messageOf,
  once,
  type EncodedError,
  type Log,
} from '../base/index.js';
import type { AccountDesk } from './account-desk.js';

/** The longest path that a Unix socket may have everywhere. */
const PATH_BYTES_MAX = 100;
const METHODS: ReadonlySet<string> = new Set<keyof AccountDesk>([
  'listUsers',
  'addUser',
  'removeUser',
  'setPassword',
  'listTokens',
  'createToken',
  'revokeToken',
  'checkAudit',
]);
const LINE_BYTES_MAX = 1024 * 1024;
const SILENCE_MAX_MS = 60_000;

interface Question {
  readonly method: keyof AccountDesk;
  readonly args: unknown[];
}
type Answer = { readonly result?: unknown } | { readonly error: EncodedError };

/** Where a server with this data directory can be spoken to. */
function controlPath(dataDir: string): string {
  return path.join(dataDir, 'control.sock');
}

/**
 * The door by which the command line reaches a running server, which alone may write its accounts: a Unix socket in the data directory that
 * only the server's own user may open. One JSON question a connection, one JSON answer.
 */
export class ControlSocket {
  readonly #server: net.Server;
  readonly #open = new Set<net.Socket>();

  private constructor(desk: AccountDesk) {
    this.#server = net.createServer((socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
      socket.on('error', () => socket.destroy());
      socket.setTimeout(SILENCE_MAX_MS, () => socket.destroy());
      void answerOne(socket, desk);
    });
  }

  /** Opens the socket. Where that cannot be (Windows, very long paths) the server goes on without, and says so. */
  static async open(options: {
    desk: AccountDesk;
    dataDir: string;
    log: Log;
  }): Promise<ControlSocket | undefined> {
    const file = controlPath(options.dataDir);
    const control = new ControlSocket(options.desk);
    try {
      if (process.platform === 'win32' || Buffer.byteLength(file) > PATH_BYTES_MAX)
        throw new Error(`a socket cannot lie at ${file}`);
      await rm(file, { force: true }); // of a server that was killed: the directory is ours alone
      await new Promise<void>((resolve, reject) => {
        control.#server.once('error', reject);
        control.#server.listen(file, resolve);
      });
      await chmod(file, 0o600);
      return control;
    } catch (error) {
      await control.close();
      options.log.warn(
        { cause: messageOf(error) },
        '`sightline user` and `sightline token` cannot reach this server while it runs: stop it for them, or use the API',
      );
      return undefined;
    }
  }

  readonly close = once(async () => {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#open) socket.destroy();
    await closed;
  });
}

async function answerOne(socket: net.Socket, desk: AccountDesk): Promise<void> {
  let answer: Answer;
  try {
    const { method, args } = JSON.parse(await lineOf(socket)) as Question;
    if (!METHODS.has(method))
      throw new AppError('access/protocol', 'internal', 'an unknown question at the control socket');
    const result: unknown = await Reflect.apply(desk[method], desk, args);
    answer = { result };
  } catch (error) {
    answer = { error: encodeError(error) };
  }
  socket.end(`${JSON.stringify(answer)}\n`);
}

/** A desk at a running server; undefined when none runs on this data directory. */
export async function remoteDesk(dataDir: string): Promise<AccountDesk | undefined> {
  const file = controlPath(dataDir);
  const probe = await connect(file);
  if (probe === undefined) return undefined;
  probe.destroy();
  const ask = async (method: keyof AccountDesk, args: unknown[]): Promise<never> => {
    const socket = await connect(file);
    if (socket === undefined)
      throw new AppError('access/protocol', 'internal', 'the server stopped meanwhile: try again');
    socket.write(`${JSON.stringify({ method, args } satisfies Question)}\n`);
    const answer = JSON.parse(await lineOf(socket)) as Answer;
    socket.destroy();
    if ('error' in answer) throw decodeError(answer.error);
    return answer.result as never;
  };
  const methods = [...METHODS].map((method) => [
    method,
    (...args: unknown[]) => ask(method as keyof AccountDesk, args),
  ]);
  const desk: unknown = Object.fromEntries(methods);
  return desk as AccountDesk;
}

function connect(file: string): Promise<net.Socket | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(file);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', () => resolve(undefined));
  });
}

/** The first line that a socket sends. */
async function lineOf(socket: net.Socket): Promise<string> {
  let bytes = 0;
  socket.on('data', (part) => {
    bytes += part.length;
    if (bytes > LINE_BYTES_MAX) socket.destroy();
  });
  for await (const line of createInterface({ input: socket })) return line;
  throw new AppError('access/protocol', 'internal', 'the control socket closed without a word: try again');
}
