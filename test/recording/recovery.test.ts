import { appendFile, copyFile, cp, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clips.js';
import { fragmentClip, type FragmentedClip } from '../support/fragments.js';
import { continuous, probeFile, Recorded } from './recorded.js';

let clip: FragmentedClip;
let recorded: Recorded;
beforeAll(async () => {
  const { path: file } = await makeClip({ seconds: 8, fps: 10, container: 'mp4' });
  clip = await fragmentClip('ffmpeg', file);
});
afterEach(() => recorded.tearDown());

/** Four segments; the last is then as it would be after a sudden end: unfinished, and not in the index. */
async function endSuddenly(): Promise<{ part: string; whole: number }> {
  recorded = await Recorded.open();
  const recorder = recorded.recordings.recorder('gate', continuous);
  recorded.start(recorder, clip);
  await recorded.play(recorder, clip, 0, 75);
  await recorder.close();
  const last = (await recorded.list()).segments.at(-1)!;
  await recorded.store.table('segments').write('remove', [last.id!]);
  await recorded.close();
  const file = path.join(recorded.dir, 'hot', last.path);
  const part = `${file}.part`;
  await copyFile(file, part);
  await rm(file);
  return { part, whole: (await stat(part)).size };
}

async function startAgain(): Promise<void> {
  recorded = await Recorded.open({ dir: recorded.dir, clock: recorded.clock });
}

const copyTree = (from: string, to: string) => cp(from, to, { recursive: true });

const facts = async () => (await recorded.list()).segments.map(({ frames, severity }) => [frames, severity]);

describe('a start after a sudden end', () => {
  it('takes in an unfinished file with all its whole frames, at its time', async () => {
    const { part, whole } = await endSuddenly();
    // A frame of which half was written.
    const next = clip.fragments[75]!.bytes;
    await appendFile(part, next.subarray(0, next.length / 2));
    await startAgain();
    expect(await facts()).toEqual([[20, 'routine'], [20, 'routine'], [20, 'routine'], [15, 'routine']]); // prettier-ignore
    const { segments, gaps } = await recorded.list(recorded.clock.wallMs() - 7500, recorded.clock.wallMs());
    expect(gaps).toEqual([]);
    expect(segments.at(-1)!.bytes).toBe(whole);
    const file = path.join(recorded.dir, 'hot', segments.at(-1)!.path);
    expect((await stat(file)).size).toBe(whole);
    expect(await probeFile(file)).toMatchObject({ frames: 15, complaints: '' });
    expect(await recorded.files()).toHaveLength(4);
  });

  it.each([1, 7, 8, 100, 5000])('takes no harm from a file that is %d bytes short', async (missing) => {
    const { part, whole } = await endSuddenly();
    await truncate(part, whole - missing);
    await startAgain();
    const frames = (await facts()).at(-1)![0] as number;
    const lengths = clip.fragments.slice(60, 75).map(({ bytes }) => bytes.length);
    let kept = 15;
    for (let lost = 0; lost < missing; kept--) lost += lengths[kept - 1]!;
    expect(frames).toBe(kept);
  });

  it('does not take for pictures what a power cut left empty', async () => {
    const { part, whole } = await endSuddenly();
    const last = clip.fragments[74]!;
    const bytes = await readFile(part);
    bytes.fill(0, whole - (last.bytes.length - last.payloadStart));
    await writeFile(part, Buffer.concat([bytes, Buffer.alloc(10_000)]));
    await startAgain();
    expect((await facts()).at(-1)).toEqual([14, 'routine']);
  });

  it('deletes an unfinished file without a picture', async () => {
    const { part } = await endSuddenly();
    await writeFile(part, clip.initSegment);
    await startAgain();
    expect(await facts()).toHaveLength(3);
    expect(await recorded.files()).toHaveLength(3);
  });

  it('takes in whole files that the index lacks, and forgets files that are gone', async () => {
    recorded = await Recorded.open();
    const recorder = recorded.recordings.recorder('gate', continuous);
    recorded.start(recorder, clip);
    await recorded.play(recorder, clip);
    await recorder.close();
    const before = (await recorded.list()).segments;
    await recorded.close();
    // The database is lost, and with it the numbers of all files; one file is lost too.
    await rm(path.join(recorded.dir, 'data'), { recursive: true });
    await rm(path.join(recorded.dir, 'hot', before[1]!.path));
    await startAgain();
    const after = (await recorded.list()).segments;
    const kept = before.filter((_, at) => at !== 1);
    expect(after).toEqual(kept.map((row) => ({ ...row, id: expect.any(Number) })));
    await recorded.close();
    await rm(path.join(recorded.dir, 'hot', before[0]!.path));
    await startAgain();
    expect((await recorded.list()).segments.map((row) => row.path)).toEqual([
      before[2]!.path,
      before[3]!.path,
    ]);
  });

  it('deletes nothing and writes nothing while the disk of the recordings is not mounted', async () => {
    recorded = await Recorded.open();
    const recorder = recorded.recordings.recorder('gate', continuous);
    recorded.start(recorder, clip);
    await recorded.play(recorder, clip);
    await recorder.close();
    await recorded.close();
    const { dir } = recorded;
    const [hot, away] = [path.join(dir, 'hot'), path.join(dir, 'away')];
    await copyTree(hot, away);
    await rm(hot, { recursive: true });
    await mkdir(hot);
    await startAgain();
    const waiting = recorded.recordings.recorder('gate', continuous);
    expect(waiting.state).toBe('paused');
    expect(recorded.recordings.warnings.join()).toContain('mount its disk');
    recorded.start(waiting, clip);
    await recorded.play(waiting, clip, 0, 30);
    expect((await recorded.list()).segments).toHaveLength(4);
    expect(await recorded.files()).toEqual([]);
    await copyTree(away, hot);
    await recorded.close();
    await startAgain();
    expect(recorded.recordings.recorder('gate', continuous).state).toBe('waiting');
    expect((await recorded.list()).segments).toHaveLength(4);
  });
});
