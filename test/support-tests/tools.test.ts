import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { FakeClock } from '../support/fake-clock.js';
import {
  childrenOf,
  descendantsOf,
  hasProcessTable,
  isAlive,
  processEntry,
} from '../support/process-table.js';
import { waitFor } from '../support/wait-for.js';

describe('FakeClock', () => {
  it('fires timers in the order of their due times, each at its own time', () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    const note = (name: string) => fired.push(`${name}@${clock.monotonicMs()}`);
    clock.after(30, () => note('late'));
    clock.every(10, () => note('tick'));
    clock.after(15, () => clock.after(2, () => note('nested')));
    clock.after(5, () => note('never')).cancel();
    clock.advance(30);
    expect(fired).toEqual(['tick@10', 'nested@17', 'tick@20', 'late@30', 'tick@30']);
    expect(clock.pendingTimers).toBe(1);
  });

  it('steps the wall clock without touching the monotonic one', () => {
    const clock = new FakeClock({ wallMs: 1000 });
    clock.advance(5);
    clock.stepWall(-500);
    expect([clock.monotonicMs(), clock.wallMs()]).toEqual([5, 505]);
  });

  it('lets promises settle between timers when asked to', async () => {
    const clock = new FakeClock();
    let seenMs = -1;
    const wait = new Promise<void>((resolve) => void clock.after(10, resolve));
    void wait.then(() => clock.after(10, () => (seenMs = clock.monotonicMs())));
    await clock.advanceAsync(100);
    expect(seenMs).toBe(20);
  });
});

describe('waitFor', () => {
  it('gives back what the condition gave, once it is truthy', async () => {
    let calls = 0;
    await expect(
      waitFor(() => (++calls > 2 ? 'done' : undefined), { timeoutMs: 5000, what: '' }),
    ).resolves.toBe('done');
  });

  it('names what it waited for, and the last error', async () => {
    const failing = waitFor(
      () => {
        throw new Error('not there');
      },
      { timeoutMs: 50, what: 'the camera to be live' },
    );
    await expect(failing).rejects.toThrow(/in vain for the camera to be live \(last error "not there"\)/);
  });
});

(hasProcessTable ? describe : describe.skip)('the process table', () => {
  it('knows children and grandchildren, and does not take the dead for living', async () => {
    const shell = spawn('sh', ['-c', 'sleep 30 & wait'], { stdio: 'ignore', detached: true });
    const pid = shell.pid!;
    try {
      await waitFor(() => descendantsOf(pid).some(({ name }) => name === 'sleep'), {
        timeoutMs: 5000,
        what: 'the sleeping grandchild',
      });
      expect(childrenOf(process.pid).map((entry) => entry.pid)).toContain(pid);
      expect(processEntry(pid)).toMatchObject({ parentPid: process.pid, name: 'sh' });
      expect(isAlive(pid)).toBe(true);
    } finally {
      process.kill(-pid, 'SIGKILL');
    }
    await waitFor(() => !isAlive(pid), { timeoutMs: 5000, what: 'the death of the shell' });
  });
});
