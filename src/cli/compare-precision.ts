import { agreement, evaluateDetections, type Agreement } from '../evaluation/index.js';
import type { Detection, Size } from '../geometry/index.js';
import { loadTrials, type PairedTiming } from '../inference/index.js';
import type { DetectorDescription } from '../models/index.js';
import { AppError } from '../base/index.js';
import { readAnnotations } from './annotations.js';
import type { FootagePicture } from './footage.js';

const PAIRS = 40;
/** As `analyze --coco` and COCO have them. */
const MEASURED = { scoreMin: 0.01, iouMax: 0.6, countMax: 100 };
/** What a track needs to begin, by default. */
const AGREED_SCORE_MIN = 0.4;

/** Two models side by side; pairs are of the float one and the other. */
export interface PrecisionComparison {
  readonly timing: PairedTiming;
  /** Size of the input that was timed. */
  readonly input: Size;
  /** What they find with a score of 0.4 or more. */
  readonly agreement: Agreement;
  /** Only with labels. */
  readonly ap?: readonly [number, number];
  readonly ap50?: readonly [number, number];
  readonly comparedPictures: number;
}

/**
 * Times two models of one description against each other, and compares what they find.
 * @throws {AppError} for labels that cannot be read, and `evaluation/nothing-in-common`
 */
export async function compareModels(options: {
  readonly base: Uint8Array;
  readonly other: Uint8Array;
  readonly description: DetectorDescription;
  readonly pictures: readonly FootagePicture[];
  readonly labels?: string;
  readonly onPicture: () => void;
}): Promise<PrecisionComparison> {
  const { base, other, description, pictures, labels, onPicture } = options;
  const shown = pictures.map(({ fileName, placed }) => ({ file: fileName, size: placed.source }));
  const truth = labels === undefined ? undefined : await readAnnotations(labels, shown);
  const { detectInPictures, timePaired } = await loadTrials();
  const timing = await timePaired(base, other, description, pictures[0]!, PAIRS);
  const detect = (model: Uint8Array) => detectInPictures(model, description, pictures, MEASURED, onPicture);
  const found = [await detect(base), await detect(other)] as const;
  const likely = (pictureFound: readonly Detection[]) =>
    pictureFound.filter(({ score }) => score >= AGREED_SCORE_MIN);
  const both = agreement(found[0].map(likely), found[1].map(likely));
  const comparison = {
    timing,
    input: pictures[0]!.placed.input,
    agreement: both,
    comparedPictures: pictures.length,
  };
  if (truth === undefined) return comparison;
  const measured = found.map((detections) => {
    const byName = new Map(pictures.map(({ fileName }, i) => [fileName, detections[i]!]));
    const labelled = truth.images.filter(({ fileName }) => byName.has(fileName));
    if (labelled.length === 0)
      throw new AppError(
        'evaluation/nothing-in-common',
        'input',
        `--labels ${labels}: none of them is of a picture in --calibrate; their file names must agree`,
      );
    return evaluateDetections(
      labelled,
      new Map(labelled.map(({ id, fileName }) => [id, byName.get(fileName)!])),
    );
  });
  const [first, second] = measured;
  return { ...comparison, ap: [first!.ap, second!.ap], ap50: [first!.ap50, second!.ap50] };
}
