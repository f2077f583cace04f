import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { maskArea, type MaskRle } from '../../src/geometry/index.js';
import { findFfmpeg } from '../../src/media/index.js';
import { ffmpegOutput } from '../support/fragments.js';
import { sharedDir } from '../support/shared-data.js';
import { waitFor } from '../support/wait-for.js';

interface FrameLine {
  readonly type: string;
  readonly index: number;
  readonly ptsMs: number;
  readonly objects: {
    readonly track: number;
    readonly label: string;
    readonly box: number[];
    readonly state: string;
    readonly mask?: MaskRle;
    readonly text?: { readonly value: string };
  }[];
}

const photo = path.join(sharedDir, 'data/ocr/plates/eu/test_002.jpg');
const ifPlates = existsSync(photo) ? it : it.skip;

let dir: string;
let clip: string;

/** Runs the built command as a user does. */
function sightline(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['bin/sightline.mjs', ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-analyze-'));
  clip = path.join(dir, 'street.mp4');
  const { path: program } = await findFfmpeg();
  await writeFile(clip, await ffmpegOutput(program, ['-i', 'streams/demo.mp4', '-t', '3', '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4'])); // prettier-ignore
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('sightline analyze', () => {
  it('gives every object its mask with --heads mask, and knows no other head', async () => {
    const coco = path.join(dir, 'masks.json');
    const { code, stdout } = await sightline(
      'analyze',
      clip,
      '--fps',
      '2',
      '--heads',
      'mask',
      '--jsonl',
      '-',
      '--coco',
      coco,
    );
    expect(code).toBe(0);
    const [hello, ...lines] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as FrameLine & { models: object });
    expect(hello!.models).toMatchObject({ mask: expect.stringMatching(/^sightline-mask@sha256:/) });
    const seen = lines
      .flatMap(({ type, objects }) => (type === 'frame' ? objects : []))
      .filter(({ state }) => state === 'tracked');
    expect(seen.length).toBeGreaterThan(3);
    for (const { mask } of seen) {
      expect(mask!.size).toEqual([360, 640]);
      expect(maskArea(mask!)).toBeGreaterThan(50);
    }
    const results = JSON.parse(await readFile(coco, 'utf8')) as {
      score: number;
      bbox: number[];
      segmentation?: MaskRle;
    }[];
    for (const { bbox, segmentation } of results.filter(({ score }) => score > 0.4)) {
      const share = maskArea(segmentation!) / (bbox[2]! * bbox[3]!);
      expect(share).toBeGreaterThan(0.1);
      expect(share).toBeLessThan(1.1);
    }
    const unknown = await sightline('analyze', clip, '--heads', 'smell');
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringMatching(/--heads smell: there is no such head; known: mask, text/),
    ]);
  });

  ifPlates(
    'reads a plate from the pictures of a car with --heads text, and tells it once',
    async () => {
      const car = path.join(dir, 'car.mp4');
      const { path: program } = await findFfmpeg();
      await writeFile(car, await ffmpegOutput(program, ['-loop', '1', '-framerate', '5', '-t', '3', '-i', photo, '-vf', 'scale=1152:-2,noise=alls=10:allf=t', '-pix_fmt', 'yuv420p', '-g', '5', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4'])); // prettier-ignore
      const { code, stdout } = await sightline(
        'analyze',
        car,
        '--heads',
        'text',
        '--plates',
        'sk',
        '--jsonl',
        '-',
      );
      expect(code).toBe(0);
      const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as { type: string }); // prettier-ignore
      expect(lines[0]).toMatchObject({ models: { text: expect.stringMatching(/^ppocr-v4@sha256:/) } });
      const read = lines.filter(({ type }) => type === 'text.read');
      expect(read).toMatchObject([
        { track: { id: expect.stringMatching(/^file-/) }, text: { value: 'RK755AJ', fitsPattern: true } },
      ]);
      const last = lines.findLast(({ type }) => type === 'frame') as unknown as FrameLine;
      expect(last.objects.map(({ text }) => text?.value)).toContain('RK755AJ');
      const pictures = await sightline('analyze', photo, '--heads', 'text');
      expect([pictures.code, pictures.stderr]).toEqual([
        1,
        expect.stringMatching(/is no video, and tracks are read/),
      ]);
    },
    120_000,
  );

  it('looks at a video with the rules of a camera, and says which camera it lacks', async () => {
    const config = path.join(dir, 'rules.yaml');
    const yard = 'zones: { all: { polygon: [[0,0],[1,0],[1,1],[0,1]] } }, rules: [{ name: there, type: occupancy, zone: all }]'; // prettier-ignore
    await writeFile(config, `cameras: { gate: { source: a }, yard: { source: b, ${yard} } }\n`);
    const flags = ['analyze', clip, '--fps', '5', '--no-follow', '--jsonl', '-', '--config', config];
    const { code, stdout } = await sightline(...flags, '--camera', 'yard');
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as FrameLine & { event?: { zone: string } }); // prettier-ignore
    const types = lines.filter(({ event }) => event !== undefined).map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(['event.started', 'event.ended']);
    expect(lines.filter(({ type }) => type === 'frame').at(-1)?.objects[0]).toMatchObject({ zones: ['all'] });
    const unnamed = await sightline(...flags);
    expect([unnamed.code, unnamed.stderr]).toEqual([1, expect.stringMatching(/2 cameras: choose one with --camera; there are gate, yard/)]); // prettier-ignore
    const misspelt = await sightline(...flags, '--camera', 'yrad');
    expect([misspelt.code, misspelt.stderr]).toEqual([1, expect.stringMatching(/no camera yrad; did you mean yard\?/)]); // prettier-ignore
  });

  it('writes a hello, every frame in order, the tracks between them, and a summary', async () => {
    const mot = path.join(dir, 'tracks.txt');
    const { code, stdout, stderr } = await sightline('analyze', clip, '--jsonl', '-', '--mot', mot);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as FrameLine); // prettier-ignore
    expect(lines[0]).toMatchObject({
      type: 'hello',
      v: 1,
      source: 'street.mp4',
      width: 640,
      height: 360,
      fps: 15,
    });
    const frames = lines.filter(({ type }) => type === 'frame');
    expect(frames.map(({ index }) => index)).toEqual(Array.from({ length: 45 }, (_, i) => i));
    expect(frames.map(({ ptsMs }) => Math.round((ptsMs * 15) / 1000))).toEqual(
      Array.from({ length: 45 }, (_, i) => i),
    );
    const started = lines.filter(({ type }) => type === 'track.started').length;
    expect(started).toBeGreaterThanOrEqual(3);
    expect(lines.filter(({ type }) => type === 'track.ended')).toHaveLength(started);
    expect(lines.at(-1)).toMatchObject({ type: 'summary', frames: 45 });
    for (const [x1, y1, x2, y2] of frames.flatMap(({ objects }) => objects.map(({ box }) => box))) {
      expect(x1! >= 0 && y1! >= 0 && x2! <= 640 && y2! <= 360 && x2! > x1! && y2! > y1!).toBe(true);
    }
    const motLines = (await readFile(mot, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split(',').map(Number));
    const tracked = frames.flatMap(({ objects }) => objects.filter(({ state }) => state !== 'tentative'));
    expect(motLines).toHaveLength(tracked.length);
    expect(motLines.every((line) => line.length === 9 && line[0]! >= 1 && line[8] === -1)).toBe(true);
  });

  it('analyses fewer frames a second when asked', async () => {
    const { stdout } = await sightline('analyze', clip, '--fps', '5', '--jsonl', '-');
    expect(stdout.split('\n').filter((line) => line.includes('"type":"frame"'))).toHaveLength(15);
  });

  it('writes a video with the boxes of each picture drawn on it, and the scores beside them', async () => {
    const video = path.join(dir, 'drawn.mp4');
    const { code, stdout, stderr } = await sightline('analyze', clip, '--jsonl', '-', '--video', video);
    expect([code, stderr]).toEqual([0, '']);
    const frames = stdout.trim().split('\n').map((line) => JSON.parse(line) as FrameLine).filter(({ type }) => type === 'frame'); // prettier-ignore
    const { path: program } = await findFfmpeg();
    const pixels = await ffmpegOutput(program, ['-i', video, '-f', 'rawvideo', '-pix_fmt', 'rgb24']);
    expect(pixels).toHaveLength(frames.length * 640 * 360 * 3);
    const colourAt = (frame: number, x: number, y: number) => [...pixels.subarray(((frame * 360 + y) * 640 + x) * 3).subarray(0, 3)]; // prettier-ignore
    const isPersonColour = ([r, g, b]: number[]) => b! - r! > 60 && g! > 130 && b! > 180;
    // The middle of the left line of people who stand free of the border and of each other's tags.
    const alone = frames.flatMap(({ index, objects }) =>
      objects
        .filter(({ label, box, state }) => label === 'person' && state === 'tracked' && box[0]! > 2)
        .map(({ box }) =>
          isPersonColour(colourAt(index, Math.round(box[0]!), Math.round((box[1]! + box[3]!) / 2))),
        ),
    );
    expect(alone.length).toBeGreaterThan(40);
    expect(alone.filter((isDrawn) => isDrawn).length / alone.length).toBeGreaterThan(0.9);
    expect((await readdir(dir)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it.each(['analysing', 'drawing'])(
    'leaves nothing of its video behind when it is interrupted while %s',
    async (when) => {
      const folder = await mkdtemp(path.join(dir, 'interrupted-'));
      const lines = path.join(folder, 'lines.jsonl');
      const fps = when === 'analysing' ? '15' : '0.2';
      const child = spawn(
        process.execPath,
        ['bin/sightline.mjs', 'analyze', 'streams/demo.mp4', '--fps', fps, '--width', '320', '--jsonl', lines, '--video', path.join(folder, 'out.mp4')], // prettier-ignore
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const ended = once(child, 'close');
      const mark = when === 'analysing' ? '"frame"' : '"summary"';
      const begun = async () => (await readFile(lines, 'utf8').catch(() => '')).includes(mark);
      await waitFor(begun, { timeoutMs: 60_000, what: 'the moment to interrupt' });
      child.kill('SIGINT');
      expect([await ended, said]).toEqual([[130, null], 'sightline: interrupted\n']);
      expect(await readdir(folder)).toEqual(['lines.jsonl']);
    },
  );

  it('takes a folder of pictures of different sizes, and writes COCO results with ids from their names', async () => {
    const { path: program } = await findFfmpeg();
    const picture = await ffmpegOutput(program, ['-ss', '2', '-i', 'streams/demo.mp4', '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe']); // prettier-ignore
    const pictures = await mkdtemp(path.join(dir, 'pictures-'));
    await sharp(picture).jpeg({ quality: 95 }).toFile(path.join(pictures, 'street_0042.jpg'));
    await sharp(picture).resize(960, 540).png().toFile(path.join(pictures, 'street_0043.png'));
    const coco = path.join(dir, 'coco.json');
    const { code, stderr } = await sightline('analyze', pictures, '--coco', coco);
    expect([code, stderr]).toEqual([0, '']);
    const results = JSON.parse(await readFile(coco, 'utf8')) as { image_id: number; category_id: number; score: number; bbox: number[] }[]; // prettier-ignore
    const people = (id: number) =>
      results.filter((r) => r.image_id === id && r.category_id === 1 && r.score > 0.4);
    expect(people(42).length).toBeGreaterThanOrEqual(1);
    expect(people(43)).toHaveLength(people(42).length);
    // The same place in a picture half as large again.
    for (const [i, side] of people(42)[0]!.bbox.entries())
      expect(Math.abs(people(43)[0]!.bbox[i]! - 1.5 * side)).toBeLessThan(8);
    expect(Math.min(...results.map(({ score }) => score))).toBeLessThan(0.1);
  });

  it.each([
    ['a file that is not there', ['nowhere.mp4'], /nowhere\.mp4: no such file/],
    ['a file that is no video', ['package.json'], /package\.json.*no video/],
    ['a folder without pictures', ['src'], /src: no \.jpg/],
    [
      'a model that is none',
      ['streams/demo.mp4', '--models', 'detector=package.json'],
      /not a valid ONNX model/,
    ],
    [
      'a model option without a file',
      ['streams/demo.mp4', '--models', 'yolo'],
      /--models yolo: expected detector=PATH/,
    ],
    [
      'a video that is no .mp4',
      ['streams/demo.mp4', '--video', '-'],
      /--video - is written as MP4.*ends in \.mp4/,
    ],
    [
      'a video in a folder that is not there',
      ['streams/demo.mp4', '--video', 'nowhere/x.mp4'],
      /--video nowhere\/x\.mp4 there is no folder nowhere/,
    ],
    [
      'a video in place of the source',
      ['streams/demo.mp4', '--video', './streams/../streams/demo.mp4'],
      /is the video to be analysed/,
    ],
    [
      'a video of pictures',
      ['docs/screens/live.png', '--video', 'x.mp4'],
      /holds pictures, no video.*--jsonl/,
    ],
  ])('ends with status 1 and one line for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await sightline('analyze', ...args, '--jsonl', '-');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
