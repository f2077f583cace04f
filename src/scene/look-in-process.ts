import { fork } from 'node:child_process';
import { once as nextEvent } from 'node:events';
import { AppError, decodeError, entryFile, type Clock } from '../base/index.js';
import type { SceneLook } from './look-at-scene.js';
import type { LookAnswer, LookRequest } from './messages.js';

/** Thirty pictures with a slow network on a busy machine. What takes longer hangs. */
const LIMIT_MS = 120_000;

/**
 * Looks at pictures in a process of its own, which ends with the answer: it is asked rarely, and keeps no memory between.
 *
 * @param signal ends it early
 * @throws {AppError} what {@link lookAtScene} throws; `scene/process-died`, `scene/timeout`, `scene/stopped`
 */
export async function lookInProcess(
  request: LookRequest,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<SceneLook> {
  if (signal.aborted) throw stopped();
  const child = fork(entryFile(import.meta.url, './look-child.js'), [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = nextEvent(child, 'exit');
  const ending = new AbortController();
  const answered = new Promise<LookAnswer>((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', (error) => reject(died(error.message)));
    child.once('exit', (code, killedBy) => reject(died(killedBy ?? `exit code ${code}`)));
    const limit = clock.after(LIMIT_MS, () => reject(timedOut()));
    ending.signal.addEventListener('abort', () => limit.cancel());
    signal.addEventListener('abort', () => reject(stopped()), { signal: ending.signal });
  });
  try {
    // A dead process is told of by its exit.
    child.send(request, () => undefined);
    const answer = await answered;
    if ('error' in answer) throw decodeError(answer.error);
    return answer.look;
  } finally {
    ending.abort();
    child.kill('SIGKILL');
    await exited;
  }
}

function died(how: string): AppError {
  return new AppError(
    'scene/process-died',
    'unavailable',
    `the process that looks at the scene died (${how}): try again`,
  );
}

function timedOut(): AppError {
  return new AppError(
    'scene/timeout',
    'timeout',
    `the scene was not looked at within ${LIMIT_MS / 1000} s: ask for fewer pictures, or choose a smaller model`,
  );
}

function stopped(): AppError {
  return new AppError('scene/stopped', 'unavailable', 'looking at the scene was stopped: ask again');
}
