import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { boxIou, type Box } from '../../src/geometry/index.js';
import { tinyFollower } from '../models/follower/tiny-follower.js';
import { ffmpegPrograms } from '../support/clips.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';
import { sharedDir } from '../support/shared-data.js';
import { runCli, runCliProcess } from './run-cli.js';

const PICTURES = 10;
const SIZE = { widthPx: 321, heightPx: 181 };
/** Where the square is in each picture: it goes in steps that the tiny follower can see. */
const truth = (index: number): Box => [
  40 + 8 * index,
  60 + 8 * (index % 3),
  72 + 8 * index,
  92 + 8 * (index % 3),
];
const asXywh = ([x1, y1, x2, y2]: Box, from = 0) => [x1 + from, y1 + from, x2 - x1, y2 - y1].join(',');

let folder: string;
let model: string;
let pictures: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-follow-cli-'));
  model = modelFolder('model', tinyFollower());
  pictures = path.join(folder, 'red-square', 'img');
  mkdirSync(pictures, { recursive: true });
  for (let i = 0; i < PICTURES; i++) {
    const [left, top] = truth(i);
    const square = {
      input: { create: { width: 32, height: 32, channels: 3, background: '#c82828' } },
      left,
      top,
    } as const;
    await sharp({
      create: { width: SIZE.widthPx, height: SIZE.heightPx, channels: 3, background: '#6e6e6e' },
    })
      .composite([square])
      .png()
      .toFile(path.join(pictures, `${String(i + 1).padStart(4, '0')}.png`));
  }
  const boxes = Array.from({ length: PICTURES }, (_, i) => asXywh(truth(i), 1));
  writeFileSync(path.join(folder, 'red-square', 'groundtruth_rect.txt'), boxes.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function modelFolder(
  name: string,
  { template, search }: { template: Uint8Array; search: Uint8Array },
): string {
  const made = path.join(folder, name);
  mkdirSync(made);
  writeFileSync(path.join(made, 'template.onnx'), template);
  writeFileSync(path.join(made, 'search.onnx'), search);
  return made;
}

function rows(csv: string) {
  const [head, ...lines] = csv.trimEnd().split('\n');
  expect(head).toBe('frame,x,y,w,h,confidence');
  return lines.map((line) => {
    const [frame, x, y, w, h, confidence] = line.split(',').map(Number);
    return { frame, box: [x!, y!, x! + w!, y! + h!] as Box, confidence };
  });
}

describe('sightline follow', () => {
  it('writes a line for each picture of a folder, from the given box on', async () => {
    const out = path.join(folder, 'out.csv');
    const done = await runCliProcess([
      'follow',
      pictures,
      '--box',
      asXywh(truth(0)),
      '--model',
      model,
      '--out',
      out,
    ]);
    expect(done).toMatchObject({ status: 0, stdout: '' });
    const found = rows(readFileSync(out, 'utf8'));
    expect(found.map(({ frame }) => frame)).toEqual(Array.from({ length: PICTURES }, (_, i) => i + 1));
    expect(found[0]).toEqual({ frame: 1, box: truth(0), confidence: 1 });
    for (const [i, { box, confidence }] of found.entries()) {
      expect(boxIou(box, truth(i))).toBeGreaterThan(0.8);
      expect(confidence).toBeGreaterThan(0.7);
    }
  });

  it('takes a video, begins where it is told, and writes to stdout', async () => {
    const video = path.join(folder, 'video.mkv');
    const made = await runFfmpeg(
      ffmpegPrograms[0]!.path,
      [
        '-framerate',
        '10',
        '-i',
        path.join(pictures, '%04d.png'),
        '-vf',
        'crop=320:180:0:0',
        '-c:v',
        'ffv1',
        video,
      ],
      { timeoutMs: 20_000 },
    );
    expect(made.exitCode).toBe(0);
    const box = asXywh(truth(3));
    const done = await runCliProcess([
      'follow',
      video,
      '--box',
      box,
      '--from',
      '4',
      '--model',
      model,
      '--out',
      '-',
    ]);
    expect(done.status).toBe(0);
    const found = rows(done.stdout);
    expect(found.map(({ frame }) => frame)).toEqual([4, 5, 6, 7, 8, 9, 10]);
    for (const [i, { box }] of found.entries()) expect(boxIou(box, truth(i + 3))).toBeGreaterThan(0.8);
  });

  it.each<[string, () => string[], RegExp]>([
    ['a box that is none', () => ['follow', pictures, '--box', '1,2,0,4', '--out', '-'], /x,y,w,h/],
    ['no box', () => ['follow', pictures, '--out', '-'], /--box/],
  ])('exits with 2 for %s', async (_, argv, message) => {
    const { status, stderr } = await runCli(argv());
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  it.each<[string, () => string[], RegExp]>([
    [
      'a source that is not there',
      () => ['none', '--box', '1,1,9,9', '--model', model],
      /none: no such file or folder/,
    ],
    [
      'a folder without a follower',
      () => [pictures, '--box', '1,1,9,9', '--model', pictures],
      /holds no follower/,
    ],
    [
      'a name of another task',
      () => [pictures, '--box', '1,1,9,9', '--model', 'yolox-nano'],
      /to detect, not to follow/,
    ],
    [
      'a folder with several followers',
      () => [pictures, '--box', '1,1,9,9', '--model', several()],
      /more than one follower \(a_backbone\.onnx, b_backbone\.onnx, a_head/,
    ],
  ])('exits with 1 for %s, says so in a line, and writes nothing', async (_, argv, message) => {
    const out = path.join(folder, 'none.csv');
    const { status, stderr } = await runCli(['follow', ...argv(), '--out', out]);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });

  it.each<[string, string[], RegExp]>([
    ['a box outside', ['--box', '400,1,9,9'], /outside of the 320×180 picture/],
    ['too few pictures', ['--box', '1,1,9,9', '--from', '99'], /--from 99/],
  ])('exits with 1 for %s, when the pictures are read', async (_, argv, message) => {
    const out = path.join(folder, 'none.csv');
    const command = ['follow', pictures, ...argv, '--model', model, '--out', out];
    const { status, stderr } = await runCliProcess(command);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });

  function several(): string {
    const made = path.join(folder, 'several');
    mkdirSync(made);
    for (const name of ['a_backbone.onnx', 'b_backbone.onnx', 'a_head.onnx', 'b_head.onnx'])
      writeFileSync(path.join(made, name), '');
    return made;
  }
});

describe('sightline evaluate follow', () => {
  it('prints the figures of a sequence, and of a folder of them', async () => {
    const done = await runCliProcess(['evaluate', 'follow', folder, '--model', model, '--json']);
    expect(done.status).toBe(0);
    const { follower, average, sequences } = JSON.parse(done.stdout) as Record<
      string,
      Record<string, unknown>[]
    >;
    expect(follower).toMatch(/^tiny-follower@sha256:/);
    expect(sequences).toEqual([
      expect.objectContaining({ name: 'red-square', frames: PICTURES, success50: 1, precision20: 1 }),
    ]);
    expect(sequences![0]!['auc']).toBeGreaterThan(0.85);
    expect(average).toMatchObject({ frames: PICTURES, auc: sequences![0]!['auc'] });

    const text = await runCliProcess([
      'evaluate',
      'follow',
      path.join(folder, 'red-square'),
      '--model',
      model,
    ]);
    expect(text.stdout).toMatch(
      /sequence +frames +AUC.*\nred-square +10 +0\.\d{3} +1\.000 +1\.000 .*\n\(average\)/,
    );
  });

  it('refuses a folder without sequences, and a sequence with fewer pictures than boxes', async () => {
    const none = await runCli(['evaluate', 'follow', pictures, '--model', model]);
    expect(none).toMatchObject({ status: 1, stderr: expect.stringMatching(/groundtruth_rect\.txt/) });
    const short = path.join(folder, 'short', 'sequence');
    mkdirSync(path.join(short, 'img'), { recursive: true });
    copyFileSync(path.join(pictures, '0001.png'), path.join(short, 'img', '0001.png'));
    writeFileSync(path.join(short, 'groundtruth_rect.txt'), '1,1,9,9\n1,1,9,9\n');
    const refused = await runCli(['evaluate', 'follow', short, '--model', model]);
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/2 boxes, and img\/ has 1 pictures/),
    });
  });

  const models = path.join(sharedDir, 'models');
  const crossing = path.join(sharedDir, 'data', 'sot', 'otb_Crossing');
  const itWith = existsSync(models) && existsSync(crossing) ? it : it.skip;
  itWith.each([
    ['v2', '_backbone_sim', '_head_sim', 0.7],
    ['v3', '_backbone', '_head', 0.67],
  ])(
    'follows the pedestrian of OTB Crossing with NanoTrack %s as well as it is known to',
    async (version, backbone, head, auc) => {
      const pair = path.join(folder, `nanotrack-${version}`);
      mkdirSync(pair);
      for (const part of [backbone, head]) {
        const name = `nanotrack${version}_nanotrack${part}.onnx`;
        copyFileSync(path.join(models, name), path.join(pair, name));
      }
      const done = await runCliProcess(['evaluate', 'follow', crossing, '--model', pair, '--json']);
      const { average } = JSON.parse(done.stdout) as { average: { auc: number; precision20: number } };
      expect(average.auc).toBeGreaterThan(auc);
      expect(average.precision20).toBe(1);
    },
  );
});
