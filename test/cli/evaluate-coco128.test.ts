import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { COCO_CATEGORY_IDS } from '../../src/models/index.js';
import { madeUpDetections, type CocoRow } from '../evaluation/made-up-detections.js';
import { sharedDir } from '../support/shared-data.js';
import { runCli, runCliProcess } from './run-cli.js';

const folder = path.join(sharedDir, 'data', 'det');
const images = path.join(folder, 'images');
const labels = path.join(folder, 'labels');
const describeWithData = existsSync(images) ? describe : describe.skip;

/**
 * pycocotools 2.0.11 on the labels as COCO annotations (`area` is width × height): `COCOeval(truth, results, 'bbox')`, evaluate,
 * accumulate, summarize; `stats`, and by label the means of `eval['precision'][…, 0, 2]` and `eval['recall'][:, k, 0, 2]`. The best
 * thresholds are counted from `evalImgs`, trying every score.
 */
const MADE_UP = {
  figures: {
    objects: 929,
    ap: 0.24560633341337837,
    ap50: 0.5133516837821792,
    ap75: 0.18895982433727945,
    apSmall: 0.261898444162097,
    apMedium: 0.29591213952166195,
    apLarge: 0.30894959479964207,
    ar: 0.33664997764281973,
    arSmall: 0.336838854385926,
    arMedium: 0.35555120398041923,
    arLarge: 0.34690931617402204,
  },
  labels: {
    person: {
      ...{ objects: 254, ap: 0.2423114330678454, ap50: 0.5745306696811451, ap75: 0.0991590949912869 },
      ...{ ar: 0.3362204724409449, scoreMin: 0.032, precision: 0.71875, recall: 0.6338582677165354 },
      f1: 0.6736401673640168,
    },
    cup: {
      ...{ objects: 36, ap: 0.24875438160136815, ap50: 0.5854983588098684, ap75: 0.08620689655172413 },
      ...{
        ar: 0.3333333333333333,
        scoreMin: 0.156,
        precision: 0.8461538461538461,
        recall: 0.6111111111111112,
      },
      f1: 0.7096774193548387,
    },
    zebra: {
      ...{ objects: 4, ap: 0.16435643564356436, ap50: 0.2524752475247525, ap75: 0.2524752475247525 },
      ...{ ar: 0.325, scoreMin: 0.256, precision: 0.5, recall: 0.5, f1: 0.5 },
    },
  },
};
/** The same on what `sightline analyze IMAGES --coco F` wrote, with FFmpeg 5.1 on a processor with AVX512-VNNI. */
const DEFAULT_DETECTOR = {
  ap: 0.3345894463304804,
  ap50: 0.528906031090317,
  ap75: 0.3343715648666469,
  apSmall: 0.12012258962248396,
  apMedium: 0.3157462527468122,
  apLarge: 0.5026082856332507,
  ar: 0.43297313971975865,
};

interface Report {
  readonly [name: string]: unknown;
  readonly labels: readonly {
    readonly label: string;
    readonly best?: Readonly<Record<string, number>>;
    readonly [name: string]: unknown;
  }[];
}

const figuresOf = (report: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(report).filter(([name, value]) => typeof value === 'number' && name !== 'images'),
  );
const close = (figures: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, expect.closeTo(value, 6)]));

interface Row extends CocoRow {
  readonly area: number;
}

/** The labels as COCO annotations, by code of the test's own. */
async function objectsOfAllImages(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of readdirSync(images).sort()) {
    const file = path.join(labels, `${path.parse(name).name}.txt`);
    if (!existsSync(file)) continue;
    const { width, height } = await sharp(path.join(images, name)).metadata();
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      const [index, x, y, w, h] = line.split(' ').map(Number) as [number, number, number, number, number];
      const [boxWidth, boxHeight] = [w * width, h * height];
      rows.push({
        image_id: Number(path.parse(name).name),
        category_id: COCO_CATEGORY_IDS[index]!,
        bbox: [x * width - boxWidth / 2, y * height - boxHeight / 2, boxWidth, boxHeight],
        area: boxWidth * boxHeight,
      });
    }
  }
  return rows;
}

describeWithData('sightline evaluate detections on 128 images of COCO', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'sightline-coco128-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const evaluate = ['evaluate', 'detections', '--images', images, '--annotations', labels, '--json'];

  it('gives the numbers of pycocotools for made-up detections', async () => {
    const detections = path.join(dir, 'detections.json');
    await writeFile(detections, JSON.stringify(madeUpDetections(await objectsOfAllImages())));
    const { stdout, stderr } = await runCli([...evaluate, '--detections', detections]);
    expect(stderr).toBe('');
    const report = JSON.parse(stdout) as Report;
    expect(figuresOf(report)).toEqual(close(MADE_UP.figures));
    for (const [label, figures] of Object.entries(MADE_UP.labels)) {
      const { best, ...others } = report.labels.find((one) => one.label === label)!;
      expect({ label, ...figuresOf({ ...others, ...best }) }).toEqual({ label, ...close(figures) });
    }
    expect(report.labels).toHaveLength(71);
  });

  it('gives the numbers of pycocotools for the default detector, which it runs itself', async () => {
    const { stdout, stderr } = await runCliProcess(evaluate);
    expect(stderr).toBe('');
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ format: 'YOLO', images: 128, missingLabels: [] });
    // The processor and FFmpeg decide about the last digits of boxes and scores, and so now and then about a match.
    for (const [name, value] of Object.entries(DEFAULT_DETECTOR))
      expect({ [name]: Math.abs(Number(report[name]) - value) < 0.005 }).toEqual({ [name]: true });
    const { best, ...person } = report.labels.find(({ label }) => label === 'person')!;
    expect(person).toMatchObject({ objects: 254, ap: expect.closeTo(0.3758, 2) });
    expect(best).toMatchObject({
      scoreMin: expect.closeTo(0.239, 1),
      f1: expect.closeTo(0.677, 2),
    });
  }, 120_000);
});
