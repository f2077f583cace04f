import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import type { Writable } from 'node:stream';
import type { Analysis } from '../engine/index.js';
import type { FrameObject } from '../events/index.js';
import type { Box, Detection } from '../geometry/index.js';
import { COCO_CATEGORY_IDS, COCO_CLASSES } from '../models/index.js';
import { pictureNumber } from './pictures.js';

/** One analysed frame and where it came from. */
export interface AnalysedFrame {
  /** Counts analysed frames from 0. */
  readonly index: number;
  /** The file that it came from, for COCO's `file_name`. */
  readonly file: string;
  readonly analysis: Analysis;
}

/** A file, or stdout for `-`, to which lines are written. */
export class LineSink {
  readonly #stream: Writable;
  readonly #owned: boolean;

  constructor(target: string) {
    this.#owned = target !== '-';
    this.#stream = this.#owned ? createWriteStream(target) : process.stdout;
  }

  write(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  /** Resolves when all is written; rejects when it could not be. */
  async close(): Promise<void> {
    if (!this.#owned) return;
    this.#stream.end();
    await once(this.#stream, 'finish');
  }
}

/** COCO's category id of a label; -1 for one that COCO does not have. */
const categoryId = (label: string) => COCO_CATEGORY_IDS[COCO_CLASSES.indexOf(label)] ?? -1;
const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** One frame as a line of `--jsonl`. @param objects with what rules know of them */
export function jsonlFrame({ index, analysis }: AnalysedFrame, objects = analysis.objects): string {
  const { ptsMs, light, health } = analysis;
  return JSON.stringify({
    type: 'frame',
    index,
    ptsMs: round(ptsMs, 1),
    light: { ...light, meanLuma: round(light.meanLuma, 3) },
    ...(health.faults.length > 0 && { faults: health.faults }),
    objects: objects.map((object) => ({
      ...object,
      score: round(object.score, 3),
      ...(object.confidence !== undefined && { confidence: round(object.confidence, 3) }),
      box: object.box.map((side) => round(side, 1)),
    })),
  });
}

/** One frame's tracks as MOTChallenge lines. */
export function motLines({ index, analysis }: AnalysedFrame): string[] {
  return analysis.objects
    .filter(({ state }) => state !== 'tentative')
    .map((object) => motLine(index + 1, object));
}

/** An object as a MOTChallenge line: `frame,id,x,y,w,h,score,class,-1`, frames from 1, COCO category ids, -1 for none. */
export function motLine(frame: number, { track, label, score, box: [x1, y1, x2, y2] }: FrameObject): string {
  const sides = [x1, y1, x2 - x1, y2 - y1].map((side) => round(side, 2));
  return [frame, track, ...sides, round(score, 4), categoryId(label), -1].join(',');
}

/** One frame's detections as COCO results. `image_id` is the number in the file's name for a picture, else the index. */
export function cocoResults({ index, file, analysis }: AnalysedFrame, isPicture: boolean): object[] {
  const number = isPicture ? pictureNumber(file) : undefined;
  return (analysis.detections ?? []).map(({ label, score, box, mask }) => ({
    image_id: number ?? index,
    file_name: path.basename(file),
    category_id: categoryId(label),
    bbox: cocoBox(box),
    score: cocoScore(score),
    ...(mask === undefined ? {} : { segmentation: mask }),
  }));
}

/** A detection as {@link cocoResults} writes it and `evaluate detections` reads it again: what is measured is what is written. */
export function asCocoResult({ label, score, box }: Detection): Detection {
  const [x, y, width, height] = cocoBox(box);
  return { label, score: cocoScore(score), box: [x, y, x + width, y + height] };
}

function cocoBox([x1, y1, x2, y2]: Box): [x: number, y: number, width: number, height: number] {
  return [round(x1, 2), round(y1, 2), round(x2 - x1, 2), round(y2 - y1, 2)];
}

/** Six digits: with fewer, scores become equal that are not, and their order decides about AP. */
function cocoScore(score: number): number {
  return round(score, 6);
}
