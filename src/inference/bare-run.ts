import { fork, type ChildProcess } from 'node:child_process';
import { once as nextEvent } from 'node:events';
import { AppError, entryFile } from '../base/index.js';
import type { Size } from '../geometry/index.js';

/** Parent to child. */
export type BareRunRequest =
  | { readonly type: 'open'; readonly modelPath: string; readonly input: Size; readonly runs: number }
  | { readonly type: 'go' };

/** Child to parent. */
export type BareRunAnswer =
  | { readonly type: 'warm' }
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'measured'; readonly cpuSeconds: number; readonly wallSeconds: number };

/** The cost of one run, averaged over all runs of all sessions. */
export interface BareRun {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

/**
 * Times `session.run` of the prepared model alone (I420 in, outputs reused) in `parallel` processes at once, each with one session of one
 * thread: sessions share caches, memory and hyper-threads, so that one alone would look cheaper than it is at work. CPU time is
 * each process's own, as the system counts it.
 *
 * @throws {AppError} `inference/bare-run-failed` when a process ends without an answer
 */
export async function measureBareRun(options: {
  readonly modelPath: string;
  readonly input: Size;
  readonly runs: number;
  readonly parallel: number;
}): Promise<BareRun> {
  const { modelPath, input, runs, parallel } = options;
  const children = Array.from({ length: parallel }, () =>
    fork(entryFile(import.meta.url, './bare-run-child.js'), []),
  );
  try {
    await Promise.all(children.map((child) => ask(child, { type: 'open', modelPath, input, runs })));
    const answers = await Promise.all(children.map((child) => ask(child, { type: 'go' })));
    const total = { cpuSeconds: 0, wallSeconds: 0 };
    for (const answer of answers) {
      if (answer.type !== 'measured') continue;
      total.cpuSeconds += answer.cpuSeconds;
      total.wallSeconds += answer.wallSeconds;
    }
    return {
      cpuSeconds: total.cpuSeconds / (runs * parallel),
      wallSeconds: total.wallSeconds / (runs * parallel),
    };
  } finally {
    await Promise.all(children.map(end));
  }
}

/** Sends a request and waits for the child's next answer, or for its death. */
async function ask(child: ChildProcess, request: BareRunRequest): Promise<BareRunAnswer> {
  const done = new AbortController();
  const { signal } = done;
  const answered = nextEvent(child, 'message', { signal }) as Promise<[BareRunAnswer]>;
  const died = nextEvent(child, 'exit', { signal }).then(([code]): [BareRunAnswer] => [
    { type: 'failed', why: `the process ended with ${String(code)}` },
  ]);
  // The loser of the race is called off below, which is no error.
  died.catch(() => undefined);
  child.send(request);
  const [answer] = await Promise.race([answered, died]).finally(() => done.abort());
  if (answer.type !== 'failed') return answer;
  throw new AppError('inference/bare-run-failed', 'internal', `Cannot time the model: ${answer.why}.`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = nextEvent(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
