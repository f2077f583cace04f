import { stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { watch } from 'chokidar';
import { once, toAppError, type AppError, type Clock, type Closable, type Timer } from '../base/index.js';
import type { Config } from './config.js';
import type { Environment } from './environment.js';
import { loadConfig } from './load.js';

const QUIET_MS = 500;

/** What {@link watchConfig} needs. */
export interface WatchOptions {
  readonly path: string;
  readonly env: Environment;
  /** The configuration in force, to tell real changes from mere saves. */
  readonly running: Config;
  /** There is no file yet, and that is in order until there is one. */
  readonly isAbsent?: boolean;
  /** As for `loadConfig`. */
  readonly labels?: readonly string[];
  readonly clock: Clock;
  /** How long the file must rest before it is read, ms: editors and scripts write in pieces. */
  readonly quietMs?: number;
  /** A good file with other content, or the first good one after a refused one. */
  onChange(config: Config): void;
  /** The file is missing or broken; the running configuration stays. */
  onRefused(error: AppError): void;
}

/** A file that is watched. */
export interface ConfigWatch extends Closable {
  /** Reads the file without waiting for it to rest: for who has just replaced it by renaming. Resolves when it is applied or refused. */
  readNow(): Promise<void>;
}

const UNREADABLE = 'unreadable';

/** Changes with every save: a rename over the file gives a new inode, a write in place a new time or size. */
async function fingerprint(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return UNREADABLE; // why, `loadConfig` says once the file has come to rest
  }
}

/**
 * Watches a configuration file. It is read as a whole once it has rested for `quietMs`; a file replaced by
 * renaming, written in pieces, or removed for a moment is handled alike. Resolves once watching.
 */
export async function watchConfig(options: WatchOptions): Promise<ConfigWatch> {
  const { clock, quietMs = QUIET_MS } = options;
  let running = options.running;
  let isRefused = false;
  let isAwaited = options.isAbsent === true;
  let isClosed = false;
  let timer: Timer | undefined;
  let reading: Promise<void> = Promise.resolve();

  async function readWhenAtRest(before: string): Promise<void> {
    const now = await fingerprint(options.path);
    if (isClosed) return;
    if (now !== before) return waitForRest(now);
    if (isAwaited && now === UNREADABLE) return;
    isAwaited = false;
    let outcome: { config: Config } | { error: AppError };
    try {
      outcome = { config: await loadConfig(options.path, options.env, options.labels) };
    } catch (error) {
      outcome = { error: toAppError(error) };
    }
    const after = await fingerprint(options.path);
    if (isClosed) return;
    if (after !== now) return waitForRest(after);
    if ('error' in outcome) {
      isRefused = true;
      options.onRefused(outcome.error);
    } else if (isRefused || !isDeepStrictEqual(outcome.config, running)) {
      isRefused = false;
      running = outcome.config;
      options.onChange(running);
    }
  }

  function waitForRest(seen: string): void {
    timer?.cancel();
    timer = clock.after(quietMs, () => {
      reading = reading.then(() => readWhenAtRest(seen));
    });
  }

  function onFileEvent(): void {
    void fingerprint(options.path).then((seen) => {
      if (!isClosed) waitForRest(seen);
    });
  }

  const watcher = watch(options.path, { ignoreInitial: true });
  watcher.on('all', onFileEvent);
  // A watcher that fails (too many watches, a folder gone) must be seen, and must not end the server.
  watcher.on('error', (error) => options.onRefused(toAppError(error, 'config/unreadable', 'unavailable')));
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  // What was saved between loading and watching would be missed otherwise.
  onFileEvent();

  return {
    readNow: () => {
      timer?.cancel();
      reading = reading.then(async () => readWhenAtRest(await fingerprint(options.path)));
      return reading;
    },
    close: once(async () => {
      isClosed = true;
      timer?.cancel();
      await watcher.close();
      await reading;
    }),
  };
}
