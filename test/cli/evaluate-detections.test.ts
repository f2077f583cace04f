import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { runCli } from './run-cli.js';

let dir: string;
const file = (name: string) => path.join(dir, name);

/** One person of 20×40 at (10, 20) in picture 7; the second result is wrong. */
const results = [
  { image_id: 7, category_id: 1, bbox: [10, 20, 20, 40], score: 0.9 },
  { image_id: 7, category_id: 1, bbox: [60, 20, 20, 40], score: 0.3 },
];

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sightline-evaluate-'));
  await writeFile(file('results.json'), JSON.stringify(results));
  await writeFile(
    file('truth.json'),
    JSON.stringify({
      images: [{ id: 7, file_name: 'p7.png' }],
      annotations: [{ image_id: 7, category_id: 1, bbox: [10, 20, 20, 40] }],
      categories: [{ id: 1, name: 'person' }],
    }),
  );
  await mkdir(file('labels'));
  await mkdir(file('images'));
  // Centre and size as shares of 100×80.
  await writeFile(path.join(dir, 'labels', 'p7.txt'), '0 0.2 0.5 0.2 0.5\n');
  const picture = sharp({ create: { width: 100, height: 80, channels: 3, background: 'black' } });
  await picture.png().toFile(path.join(dir, 'images', 'p7.png'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const evaluate = (...flags: string[]) =>
  runCli(['evaluate', 'detections', '--results', file('results.json'), ...flags]);

describe('sightline evaluate detections', () => {
  it('scores results against COCO annotations', async () => {
    const { status, stdout } = await evaluate('--truth', file('truth.json'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^images {2,}1$/m);
    expect(stdout).toMatch(/^AP50 {2,}1\.000$/m);
    expect(stdout).toMatch(/^person {2,}1 {2,}1\.000 {2,}1\.000$/m);
  });

  it('scores results against YOLO labels, whose sizes come from the images', async () => {
    const { status, stdout } = await evaluate(
      '--truth',
      file('labels'),
      '--images',
      file('images'),
      '--json',
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ images: 1, ap: 1, ap50: 1 });
  });

  it.each([
    ['YOLO labels without images', ['labels'], /--images/],
    ['a truth that is missing', ['nowhere.json'], /cannot read .*nowhere\.json/],
    ['a truth that is no COCO file', ['results.json'], /COCO annotations/],
  ])('refuses %s with status 1', async (_, [truth = ''], message) => {
    const { status, stderr } = await evaluate('--truth', file(truth));
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
