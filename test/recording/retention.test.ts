import { cp } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clips.js';
import { FakeClock } from '../support/fake-clock.js';
import { fragmentClip, type FragmentedClip } from '../support/fragments.js';
import { delay, waitFor } from '../support/wait-for.js';
import { continuous, probe, bytesOf, Recorded, type SetupOptions } from './recorded.js';

const HOUR_MS = 3600_000;
let clip: FragmentedClip;
let recorded: Recorded;
beforeAll(async () => {
  const { path: file } = await makeClip({ seconds: 8, fps: 10, container: 'mp4' });
  clip = await fragmentClip('ffmpeg', file);
});
afterEach(() => recorded.tearDown());

/** Four segments of 2 s, the third of which belongs to an event; nothing records any more. */
async function recordFour(options: SetupOptions): Promise<Recorded> {
  recorded = await Recorded.open(options);
  const recorder = recorded.recordings.recorder('gate', continuous);
  recorded.start(recorder, clip);
  await recorded.play(recorder, clip);
  await recorder.close();
  const third = (await recorded.list()).segments[2]!;
  await recorded.store.table('segments').write('raise', 'gate', third.startMs + 1, third.endMs - 1);
  return recorded;
}

const left = async () => (await recorded.list(0, Number.MAX_SAFE_INTEGER / 2)).segments;

async function untilLeft(count: number): Promise<void> {
  await waitFor(
    async () => {
      await recorded.clock.advanceAsync(10_000);
      return (await left()).length === count && (await recorded.files()).length === count;
    },
    { timeoutMs: 10_000, what: `${count} segments to be left` },
  );
}

describe('retention', () => {
  it('deletes by age, what belongs to events later, and never what is marked', async () => {
    const { clock } = await recordFour({ keep: { routineMs: HOUR_MS, eventMs: 3 * HOUR_MS } });
    const [first, , third] = await left();
    const marked = { fromMs: first!.startMs, toMs: first!.startMs + 1 };
    expect(await recorded.recordings.mark('gate', marked, true)).toBe(1);
    await clock.advanceAsync(HOUR_MS - 60_000);
    expect(await left()).toHaveLength(4);
    await clock.advanceAsync(60_000);
    await untilLeft(2);
    expect((await left()).map((row) => row.path)).toEqual([first!.path, third!.path]);
    await clock.advanceAsync(2 * HOUR_MS);
    await untilLeft(1);
    expect((await left())[0]).toMatchObject({ path: first!.path, isMarked: true });
    await recorded.recordings.mark('gate', marked, false);
    await untilLeft(0);
  });

  it('keeps a camera within its size, the newest first', async () => {
    await recordFour({});
    const before = await left();
    const bytesMax = before[2]!.bytes + before[3]!.bytes + 10;
    await recorded.close();
    recorded = await Recorded.open({ dir: recorded.dir, clock: recorded.clock, keep: { bytesMax } });
    await untilLeft(2);
    expect((await left()).map((row) => row.path)).toEqual(before.slice(2).map((row) => row.path));
  });

  it('says what it deleted as a gap', async () => {
    await recordFour({ keep: { routineMs: HOUR_MS } });
    const before = await left();
    await recorded.clock.advanceAsync(HOUR_MS);
    await untilLeft(1);
    const { gaps } = await recorded.list(before[0]!.startMs, before[2]!.endMs);
    expect(gaps).toEqual([{ fromMs: before[0]!.startMs, toMs: before[2]!.startMs, reason: 'deleted' }]);
  });

  it('frees the reserve of the disk, oldest first over all cameras, and pauses when nothing may be deleted', async () => {
    recorded = await Recorded.open({});
    for (const camera of ['gate', 'yard']) {
      const recorder = recorded.recordings.recorder(camera, continuous);
      recorded.start(recorder, clip);
      await recorded.play(recorder, clip, 0, 40);
      await recorder.close();
    }
    const newest = (await recorded.recordings.list({ camera: 'yard', fromMs: 0, toMs: 1e15, limit: 9 }))
      .segments;
    await recorded.recordings.mark('yard', { fromMs: newest[1]!.startMs + 1, toMs: 1e15 }, true);
    await recorded.close();
    // More than any disk has.
    const places = { reserveBytes: 2 ** 60 };
    recorded = await Recorded.open({ dir: recorded.dir, clock: recorded.clock, places });
    const recorder = recorded.recordings.recorder('gate', continuous);
    await waitFor(() => recorder.state === 'paused', { timeoutMs: 5000, what: 'a pause' });
    expect(await recorded.files()).toEqual([newest[1]!.path]);
    expect(recorded.recordings.warnings.join()).toContain('full up to its reserve');
    recorded.start(recorder, clip);
    await recorded.play(recorder, clip, 0, 20);
    expect(await recorded.files()).toEqual([newest[1]!.path]);
    expect(await recorded.metrics.text()).toMatch(
      /recording_dropped_total\{camera="gate",reason="disk-full"\} 20/,
    );
  });

  it('moves what is older to the cold tier, where it is listed and played as before', async () => {
    const dir = (await recordFour({})).dir;
    const before = await left();
    await recorded.close();
    const cold = { dir: path.join(dir, 'cold'), afterMs: HOUR_MS };
    recorded = await Recorded.open({ dir, clock: recorded.clock, places: { cold } });
    await recorded.clock.advanceAsync(HOUR_MS);
    await waitFor(
      async () => {
        await recorded.clock.advanceAsync(10_000);
        return (await recorded.files()).length === 0;
      },
      { timeoutMs: 10_000, what: 'all to be moved' },
    );
    expect(await recorded.files('cold')).toEqual(before.map((row) => row.path));
    expect((await left()).map((row) => row.tier)).toEqual(['cold', 'cold', 'cold', 'cold']);
    const range = { fromMs: before[0]!.startMs, toMs: before[3]!.endMs };
    const made = await recorded.recordings.clip('gate', range, false);
    expect(await probe(await bytesOf(made), dir)).toMatchObject({ frames: 80, complaints: '' });
    // Half a move leaves both files: the index says which one counts.
    await recorded.close();
    await cp(path.join(dir, 'cold', before[1]!.path), path.join(dir, 'hot', before[1]!.path));
    recorded = await Recorded.open({ dir, clock: recorded.clock, places: { cold } });
    expect(await recorded.files()).toEqual([]);
    expect(await left()).toHaveLength(4);
  });

  it('deletes nothing by age for an hour after the wall clock has jumped ahead', async () => {
    const { clock } = await recordFour({
      keep: { routineMs: HOUR_MS, eventMs: HOUR_MS },
      clock: new FakeClock(),
    });
    clock.stepWall(10 * 365 * 24 * HOUR_MS);
    for (let looks = 0; looks < 15; looks++) {
      await clock.advanceAsync(10_000);
      await delay(20);
    }
    expect(await left()).toHaveLength(4);
    // A clock that stays like that is believed.
    await clock.advanceAsync(HOUR_MS);
    await untilLeft(0);
  });
});
