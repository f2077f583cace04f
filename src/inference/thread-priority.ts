import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';

const WORKER_NICENESS = 10;
/** Of what is to give way to detection, and still to come to its end: a third of its weight. */
export const READER_NICENESS = 15;

/**
 * Lowers this thread's priority: inference takes every core that it is given, and what moves packets and answers
 * clients has to come in between. Linux counts priorities by thread; elsewhere there is no such number to ask for.
 *
 * @param niceness 10 by default, as of detection
 */
export function yieldToOthers(niceness = WORKER_NICENESS): void {
  if (process.platform !== 'linux') return;
  const threadId = Number(path.basename(readlinkSync('/proc/thread-self')));
  setPriority(threadId, niceness);
}
