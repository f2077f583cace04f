import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { findFfmpeg } from '../../src/media/index.js';
import { ffmpegOutput } from '../support/fragments.js';
import { runCli, runCliProcess } from './run-cli.js';

let dir: string;
const file = (...names: string[]) => path.join(dir, ...names);

/** Two people of 20×40 at (10, 20) and (40, 20) in the black picture p7, of 100×80; the last result is wrong. */
const results = [
  { image_id: 7, category_id: 1, bbox: [10, 20, 20, 40], score: 0.9 },
  { image_id: 7, category_id: 1, bbox: [40, 20, 20, 40], score: 0.8 },
  { image_id: 7, category_id: 1, bbox: [70, 20, 20, 40], score: 0.3 },
];
const truth = {
  images: [{ id: 7, file_name: 'p7.png', width: 100, height: 80 }],
  annotations: [10, 40].map((x) => ({ image_id: 7, category_id: 1, bbox: [x, 20, 20, 40] })),
  categories: [{ id: 1, name: 'person' }],
};
const vocObject = (name: string, x: number, more = '') =>
  `<object><name>${name}</name>${more}<bndbox><xmin>${x + 1}</xmin><ymin>21</ymin><xmax>${x + 20}</xmax><ymax>60</ymax></bndbox></object>`;
const voc = (...objects: string[]) => `<annotation>${objects.join('\n')}</annotation>`;
const YOLO = '0 0.2 0.5 0.2 0.5\n0 0.5 0.5 0.2 0.5\n';

/** Writes files, by path below the test's folder. */
async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(file(name)), { recursive: true });
    await writeFile(file(name), text);
  }
}

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sightline-evaluate-'));
  const coco = (changes: object) => JSON.stringify({ ...truth, ...changes });
  await write({
    'results.json': JSON.stringify(results),
    'truth.json': coco({}),
    'resized.json': coco({ images: [{ ...truth.images[0], width: 200, height: 160 }] }),
    'elsewhere.json': coco({ images: [{ id: 7, file_name: 'p8.png' }] }),
    'yolo/p7.txt': YOLO,
    'yolo/stray.txt': YOLO,
    'named/data.yaml': 'names: [dog, person]',
    'named/labels/val/p7.txt': YOLO.replace(/^0/gm, '1'),
    'listed/p7.txt': YOLO.replace(/^0/gm, '1'),
    'listed/classes.txt': 'dog\nperson\n',
    'wrong/p7.txt': '0 0.2 0.5 0.2 0.5\n80 0.5 0.5 0.1 0.1\n',
    'voc/p7.xml': voc(
      vocObject('person', 10),
      vocObject('human', 40),
      vocObject('person', 70, '<difficult>1</difficult>'),
    ),
    'brokenvoc/p7.xml': '<annotation>\n<object><name>person</name>\n</object></annotation>',
    'both/p7.txt': YOLO,
    'both/p7.xml': voc(),
    'neither/p7.csv': '',
  });
  await mkdir(file('images'));
  const picture = sharp({ create: { width: 100, height: 80, channels: 3, background: 'black' } });
  await picture.png().toFile(file('images', 'p7.png'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const evaluate = (...flags: string[]) =>
  runCli(['evaluate', 'detections', '--detections', file('results.json'), ...flags]);

describe('sightline evaluate detections', () => {
  it('prints a table of AP by size and label, and the best score threshold', async () => {
    const { status, stdout } = await evaluate('--annotations', file('truth.json'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^images {2,}1$/m);
    expect(stdout).toMatch(/^AP {2,}1\.000 {2,}1\.000 {2,}- {2,}-$/m);
    expect(stdout).toMatch(/^person {2,}2 +1\.000 +1\.000 +1\.000 +1\.000 +0\.800 +1\.000 +1\.000 +1\.000$/m);
  });

  it('prints the same as JSON, with null where there is nothing to find', async () => {
    const { stdout } = await evaluate('--annotations', file('truth.json'), '--json');
    expect(JSON.parse(stdout)).toEqual({
      ...{ format: 'COCO', images: 1, objects: 2, missingLabels: [], notes: [] },
      ...{ ap: 1, ap50: 1, ap75: 1, apSmall: 1, apMedium: null, apLarge: null },
      ...{ ar: 1, arSmall: 1, arMedium: null, arLarge: null },
      best: { scoreMin: 0.8, precision: 1, recall: 1, f1: 1 },
      labels: [
        {
          ...{ label: 'person', objects: 2, ap: 1, ap50: 1, ap75: 1, ar: 1 },
          best: { scoreMin: 0.8, precision: 1, recall: 1, f1: 1 },
        },
      ],
    });
  });

  it.each([
    ["COCO's 80 names", ['yolo'], /COCO's 80/],
    ['names from a data.yaml above the folder labels', ['named', 'labels', 'val'], /data\.yaml/],
    ['names from a classes.txt among the labels', ['listed'], /classes\.txt/],
  ])('reads YOLO labels with %s', async (_, names, from) => {
    const { status, stdout } = await evaluate(
      ...['--annotations', file(...names), '--images', file('images'), '--json'],
    );
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as { notes: string[]; labels: object[] };
    expect(report).toMatchObject({ format: 'YOLO', objects: 2, ap: 1 });
    expect(report.labels).toMatchObject([{ label: 'person' }]);
    expect(report.notes[0]).toMatch(from);
    expect(report.notes.some((note) => note.includes('without a picture: 1 (stray.txt)'))).toBe(
      names[0] === 'yolo',
    );
  });

  it('reads Pascal VOC annotations, and says which label was never found and how to rename it', async () => {
    const annotations = ['--annotations', file('voc')];
    const { stdout } = await evaluate(...annotations);
    expect(stdout).toMatch(/^annotations {2,}Pascal VOC$/m);
    expect(stdout).toMatch(
      /note: no detection is called human \(1 object\): AP counts as 0 there, and is 1\.000 without/,
    );
    const renamed = await evaluate(...annotations, '--rename', 'human=person,dgo=dog', '--json');
    expect(JSON.parse(renamed.stdout)).toMatchObject({
      objects: 2,
      ap: 1,
      missingLabels: [],
      notes: ['--rename dgo=…: no object is called dgo'],
      // What was found of the difficult one is not wrong.
      best: { precision: 1, recall: 1 },
    });
  });

  it('draws precision over recall as SVG and PNG', async () => {
    const [svg, png] = [file('curve.svg'), file('curve.png')];
    for (const plot of [svg, png]) {
      const { status } = await evaluate('--annotations', file('truth.json'), '--plot', plot);
      expect(status).toBe(0);
    }
    expect(await readFile(svg, 'utf8')).toContain('person: AP50 1.000');
    const { width, format } = await sharp(png).metadata();
    expect({ width, format }).toEqual({ width: 1600, format: 'png' });
    const { entropy } = await sharp(png).stats();
    expect(entropy).toBeGreaterThan(0.2);
  });

  it.each([
    ['neither pictures nor detections', ['--annotations', 'truth.json'], /--images.*--detections/],
    ['YOLO labels without images', ['--annotations', 'yolo', '--detections', 'results.json'], /--images/],
    [
      'annotations that are missing',
      ['--annotations', 'nowhere.json', '--images', 'images'],
      /cannot read .*nowhere\.json/,
    ],
    [
      'annotations that are no COCO file',
      ['--annotations', 'results.json', '--images', 'images'],
      /results\.json: these are no COCO annotations/,
    ],
    [
      'annotations of an unknown format',
      ['--annotations', 'neither', '--images', 'images'],
      /without \.txt or \.xml/,
    ],
    ['annotations of two formats', ['--annotations', 'both', '--images', 'images'], /with \.txt and \.xml/],
    [
      'an annotation file of no known kind',
      ['--annotations', 'yolo/p7.txt', '--images', 'images'],
      /does not end in \.json/,
    ],
    [
      'annotations of other pictures',
      ['--annotations', 'elsewhere.json', '--images', 'images'],
      /none of them is of a picture/,
    ],
    [
      'annotations of pictures of another size',
      ['--annotations', 'resized.json', '--images', 'images'],
      /p7\.png was annotated at 200×160 px, but the picture has 100×80/,
    ],
    [
      'a YOLO line with a class that there is not',
      ['--annotations', 'wrong', '--images', 'images'],
      /wrong\/p7\.txt: line 2 is "80 /,
    ],
    [
      'a VOC object without a box',
      ['--annotations', 'brokenvoc', '--images', 'images'],
      /brokenvoc\/p7\.xml: line 2: <object> has no <bndbox>/,
    ],
    [
      'detections that are none',
      ['--annotations', 'truth.json', '--detections', 'truth.json'],
      /truth\.json: these are no COCO results/,
    ],
    [
      'a folder that is missing',
      ['--annotations', 'truth.json', '--images', 'nowhere'],
      /nowhere: no such folder/,
    ],
    [
      'a plot that cannot be written',
      ['--annotations', 'truth.json', '--detections', 'results.json', '--plot', 'nowhere/a.svg'],
      /cannot write --plot/,
    ],
  ])('refuses %s with status 1 and one line', async (_, flags, message) => {
    const argv = flags.map((word) => (word.startsWith('--') ? word : file(word)));
    const { status, stderr } = await runCli(['evaluate', 'detections', ...argv]);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('runs the detector itself, and says which labels it lacks and which pictures it left out', async () => {
    const { path: program } = await findFfmpeg();
    const frame = await ffmpegOutput(program, ['-ss', '2', '-i', 'streams/demo.mp4', '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe']); // prettier-ignore
    await mkdir(file('street'));
    for (const name of ['one.png', 'two.png']) await writeFile(file('street', name), frame);
    const coco = file('street.json');
    await runCliProcess(['analyze', file('street'), '--coco', coco]);
    const found = JSON.parse(await readFile(coco, 'utf8')) as { image_id: number; category_id: number; score: number; bbox: number[] }[]; // prettier-ignore
    const sure = found.filter(({ image_id: id, score }) => id === 0 && score >= 0.4);
    expect(sure.length).toBeGreaterThanOrEqual(1);
    const categories = [...new Set(sure.map(({ category_id: id }) => id))];
    const annotations = {
      images: [
        { id: 5, file_name: 'one.png' },
        { id: 6, file_name: 'three.png' },
      ],
      annotations: [
        ...sure.map((row) => ({ ...row, image_id: 5 })),
        { image_id: 5, category_id: 999, bbox: [0, 0, 9, 9] },
      ],
      categories: [
        ...categories.map((id) => ({ id, name: id === 1 ? 'human' : 'car' })),
        { id: 999, name: 'forklift' },
      ],
    };
    await writeFile(file('street-truth.json'), JSON.stringify(annotations));
    const { status, stdout, stderr } = await runCliProcess([
      ...['evaluate', 'detections', '--images', file('street'), '--annotations', file('street-truth.json')],
      ...['--rename', 'human=person', '--json'],
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const report = JSON.parse(stdout) as { notes: string[]; labels: { label: string; ap: number }[] };
    expect(report).toMatchObject({
      images: 1,
      objects: sure.length + 1,
      missingLabels: ['forklift'],
      detector: { version: expect.stringMatching(/^centernet-coco@sha256:/) },
    });
    expect(report.labels.find(({ label }) => label === 'person')).toMatchObject({ ap: 1 });
    expect(report.labels.find(({ label }) => label === 'forklift')).toMatchObject({ ap: 0 });
    expect(report.notes).toEqual([
      'annotated images that are not among the pictures, left out: 1',
      'pictures without annotations, left out: 1',
      expect.stringMatching(/^the model has no label forklift \(1 object\)/),
    ]);
  }, 60_000);
});
