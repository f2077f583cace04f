import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clips.js';
import { fragmentClip, type FragmentedClip } from '../support/fragments.js';
import { waitFor } from '../support/wait-for.js';
import { continuous, Recorded } from './recorded.js';

const FPS = 10;
const SECONDS = 30;

let clip: FragmentedClip;
let recorded: Recorded;
beforeAll(async () => {
  const { path: file } = await makeClip({ seconds: SECONDS, fps: FPS, container: 'mp4' });
  clip = await fragmentClip('ffmpeg', file);
});
afterEach(() => recorded.tearDown());

const events = { mode: 'events', preRollMs: 3000, postRollMs: 2000, segmentMs: 60_000 } as const;

describe('Recorder around events', () => {
  it('keeps the seconds before an event and after its end, and says what lies between', async () => {
    recorded = await Recorded.open();
    const startMs = recorded.clock.wallMs();
    const recorder = recorded.recordings.recorder('gate', events);
    recorded.start(recorder, clip);
    await recorded.play(recorder, clip, 0, 105);
    expect(recorder.state).toBe('waiting');
    expect(await recorded.files()).toEqual([]);
    recorder.beginEvent('a');
    await recorded.play(recorder, clip, 105, 135);
    expect(recorder.state).toBe('recording');
    recorder.endEvent('a');
    await recorded.play(recorder, clip, 135, 205);
    recorder.beginEvent('b');
    await recorded.play(recorder, clip, 205, 215);
    await recorder.close();
    const { segments, gaps } = await recorded.list(startMs, startMs + 21_500);
    // From the keyframe at or before 10.5 s - 3 s, to the keyframe behind 13.5 s + 2 s.
    const seconds = segments.map((row) => [(row.startMs - startMs) / 1000, (row.endMs - startMs) / 1000]);
    expect(seconds).toEqual([[7, 16], [17, 21.5]]); // prettier-ignore
    expect(segments.map(({ severity }) => severity)).toEqual(['event', 'event']);
    const between = gaps.map(({ fromMs, toMs, reason }) => [(fromMs - startMs) / 1000, (toMs - startMs) / 1000, reason]); // prettier-ignore
    expect(between).toEqual([[0, 7, 'server-stopped'], [16, 17, 'no-event']].slice(0, gaps.length)); // prettier-ignore
    expect(between[0]![0]).toBe(0);
  });

  it('loses nothing when the next event begins before the keyframe that would have ended the recording', async () => {
    recorded = await Recorded.open();
    const recorder = recorded.recordings.recorder('gate', { ...events, postRollMs: 0 });
    recorded.start(recorder, clip);
    recorder.beginEvent('a');
    await recorded.play(recorder, clip, 0, 43);
    recorder.endEvent('a');
    await recorded.play(recorder, clip, 43, 47);
    recorder.beginEvent('b');
    await recorded.play(recorder, clip, 47, 100);
    await recorder.close();
    expect((await recorded.list()).segments.map(({ frames }) => frames)).toEqual([100]);
  });

  it('is driven by messages of its kind only', async () => {
    recorded = await Recorded.open();
    const recorder = recorded.recordings.recorder('gate', { ...events, mode: 'tracks' });
    recorded.start(recorder, clip);
    const tell = (type: string, id: string) =>
      recorded.recordings.notice({
        v: 1,
        camera: 'gate',
        time: '',
        type,
        track: { id },
        event: { id },
      } as never);
    tell('camera.status', 'x');
    tell('event.started', 'x');
    await recorded.play(recorder, clip, 0, 20);
    expect(recorder.state).toBe('waiting');
    tell('track.started', 'gate-1');
    await recorded.play(recorder, clip, 20, 40);
    expect(recorder.state).toBe('recording');
    tell('track.ended', 'gate-1');
    await recorded.play(recorder, clip, 40, 80);
    expect(recorder.state).toBe('waiting');
  });

  it('notes in a continuous recording what belongs to an event, also of the time before', async () => {
    recorded = await Recorded.open();
    const recorder = recorded.recordings.recorder('gate', {
      ...continuous,
      preRollMs: 1500,
      postRollMs: 1000,
    });
    recorded.start(recorder, clip);
    await recorded.play(recorder, clip, 0, 81);
    await recorded.settle(recorder);
    await waitFor(async () => (await recorded.list()).segments.filter(({ id }) => id !== undefined).length === 4, { timeoutMs: 5000, what: 'four segments in the index' }); // prettier-ignore
    recorder.beginEvent('a');
    await recorded.play(recorder, clip, 81, 95);
    recorder.endEvent('a');
    await recorded.play(recorder, clip, 95, 200);
    await recorder.close();
    const severities = (await recorded.list()).segments.map(({ severity }) => severity);
    expect(severities.slice(0, 6)).toEqual(['routine', 'routine', 'routine', 'event', 'event', 'event']);
    expect(severities.at(-1)).toBe('routine');
  });

  it('keeps no more than its bounds in memory', async () => {
    recorded = await Recorded.open();
    const recorder = recorded.recordings.recorder('gate', { ...events, preRollMs: 3000 });
    recorded.start(recorder, clip);
    const big = { bytes: Buffer.alloc(8 << 20), epoch: recorded.epoch, capturedAtMs: 0 };
    const before = process.memoryUsage().arrayBuffers;
    for (let at = 0; at < 10; at++)
      recorder.push({ ...big, isKeyframe: at === 0, ptsTicks: at, arrivedMs: at });
    recorder.beginEvent('a');
    recorder.push({ ...big, isKeyframe: false, ptsTicks: 11, arrivedMs: 11 });
    expect(recorder.state).toBe('waiting'); // the group was too large to keep, and begins with nothing
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 << 20);
  });
});

describe('Recorder', () => {
  it('cuts where a stream begins anew or its times jump, and no segment is longer or shorter than its frames', async () => {
    recorded = await Recorded.open();
    const recorder = recorded.recordings.recorder('gate', { ...continuous, segmentMs: 60_000 });
    recorded.start(recorder, clip);
    await recorded.play(recorder, clip, 0, 40);
    // An hour ahead, then an hour back, at keyframes and between them.
    const jumped = (hours: number): FragmentedClip => ({
      ...clip,
      fragments: clip.fragments.map((one) => ({ ...one, ptsTicks: one.ptsTicks + hours * 3600 * 90_000 })),
    });
    await recorded.play(recorder, jumped(1), 45, 80);
    await recorded.play(recorder, clip, 80, 120);
    recorded.start(recorder, clip);
    await recorded.play(recorder, clip, 0, 30);
    await recorder.close();
    const { segments } = await recorded.list();
    expect(segments.map(({ frames }) => frames)).toEqual([40, 30, 40, 30]);
    expect(segments.map(({ cause }) => cause)).toEqual(['start', 'stream', 'stream', 'stream']);
    for (const { startMs, endMs, frames } of segments)
      expect(Math.abs(endMs - startMs - frames * 100)).toBeLessThanOrEqual(1);
  });

  it.each([3600_000, -3600_000])(
    'keeps segments whole when the wall clock steps by %d ms',
    async (stepMs) => {
      recorded = await Recorded.open();
      const recorder = recorded.recordings.recorder('gate', { ...continuous, segmentMs: 4000 });
      recorded.start(recorder, clip);
      const startMs = recorded.clock.wallMs();
      await recorded.play(recorder, clip, 0, 20);
      recorded.clock.stepWall(stepMs);
      await recorded.play(recorder, clip, 20, 80);
      await recorder.close();
      const { segments } = await recorded.list(0, startMs + 2 * 3600_000);
      const lengths = segments.map((row) => Math.round((row.endMs - row.startMs) / 1000));
      expect(lengths).toEqual([4, 4]);
      const starts = segments.map((row) => Math.round(row.startMs - startMs)).sort((a, b) => a - b);
      expect(starts).toEqual([0, 4000 + stepMs].sort((a, b) => a - b));
      expect(segments.reduce((sum, { frames }) => sum + frames, 0)).toBe(80);
    },
  );

  it('leaves out whole groups while the disk does not keep up, counts them, and goes on', async () => {
    recorded = await Recorded.open();
    const recorder = recorded.recordings.recorder('gate', { ...continuous, segmentMs: 60_000 });
    recorded.start(recorder, clip);
    await recorded.play(recorder, clip, 0, 15);
    // Nothing can be written while one turn of the event loop lasts.
    const times = { arrivedMs: recorded.clock.monotonicMs(), capturedAtMs: recorded.clock.wallMs() };
    const frame = (at: number, bytes: Buffer) => {
      const { ptsTicks, isKeyframe } = clip.fragments[at]!;
      recorder.push({ epoch: recorded.epoch, ptsTicks, isKeyframe, bytes, ...times });
    };
    for (let at = 15; at < 36; at++)
      frame(at, at === 20 ? Buffer.alloc(17 << 20) : clip.fragments[at]!.bytes);
    await recorded.play(recorder, clip, 36, 60);
    await recorder.close();
    const { segments } = await recorded.list();
    expect(segments.map(({ frames, cause }) => [frames, cause])).toEqual([[20, 'start'], [30, 'overload']]); // prettier-ignore
    expect(await recorded.metrics.text()).toContain(
      'sightline_recording_dropped_total{camera="gate",reason="queue-full"} 10',
    );
  });
});
