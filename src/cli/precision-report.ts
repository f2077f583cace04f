import type { LayerSensitivity } from './quantise-int8.js';
import type { PrecisionComparison } from './compare-precision.js';
import { table } from './table.js';

/** A model must be so many times as fast to be worth its loss. */
const WORTH_RATIO = 1.5;
const AP_LOSS_MAX = 0.015;
const MIB = 1024 ** 2;

/** What `sightline models quantize` tells; pairs are of the float model and the new one. */
export interface PrecisionReport extends PrecisionComparison {
  readonly model: string;
  readonly processor: string;
  /** Path of the new file; absent with `--dry-run`. */
  readonly out?: string;
  readonly facts: object;
  readonly calibrationPictures: number;
  readonly bytes: readonly [number, number];
  /** Worst first. */
  readonly layers?: readonly LayerSensitivity[];
}

/** The report for people: a side-by-side table and a verdict. */
export function precisionText(report: PrecisionReport): string {
  const { bytes, timing, input, agreement, ap, ap50, layers } = report;
  const pair = ([first, second]: readonly [number, number], digits: number) => [
    first.toFixed(digits),
    second.toFixed(digits),
  ];
  const rows = [
    [report.model, 'float', 'new', ''],
    [
      'MiB',
      ...pair([bytes[0] / MIB, bytes[1] / MIB], 2),
      `${(bytes[0] / bytes[1]).toFixed(2)} times smaller`,
    ],
    [
      'ms per frame',
      ...pair([timing.baseMs, timing.otherMs], 1),
      `${timing.ratio.toFixed(2)} times as fast at ${input.widthPx}×${input.heightPx} (paired runs, one thread)`,
    ],
    ...(ap === undefined ? [] : [['AP', ...pair(ap, 3), signed(ap[1] - ap[0])]]),
    ...(ap50 === undefined ? [] : [['AP50', ...pair(ap50, 3), signed(ap50[1] - ap50[0])]]),
    [
      'objects at 0.4',
      ...agreement.counts.map(String),
      `agreement F1 ${figure(agreement.f1)}, mean IoU ${figure(agreement.iou)}`,
    ],
  ];
  const parts = [
    ...(layers === undefined ? [] : [layersText(layers), '\n']),
    table(rows),
    `${report.comparedPictures} pictures compared, calibrated on ${report.calibrationPictures}; ${report.processor}\n`,
    `${verdict(report)}\n`,
    ...(report.out === undefined ? [] : [`written to ${report.out}\n`]),
  ];
  return parts.join('');
}

/** Whether the new model should be used on this processor, in a sentence. */
function verdict({ timing, ap }: Pick<PrecisionReport, 'timing' | 'ap'>): string {
  const ratio = timing.ratio.toFixed(2);
  if (timing.ratio < WORTH_RATIO)
    return `not recommended: ${ratio} times as fast, and less than ${WORTH_RATIO} is not worth the loss`;
  const loss = ap === undefined ? 0 : ap[0] - ap[1];
  if (loss > AP_LOSS_MAX)
    return `not recommended: it loses ${loss.toFixed(3)} AP, and more than ${AP_LOSS_MAX} is too much`;
  return `recommended on this processor: ${ratio} times as fast`;
}

function layersText(layers: readonly LayerSensitivity[]): string {
  const rows = layers.map(({ name, dims, sqnrDb, keptFloat }) => [
    name,
    dims.join('×'),
    sqnrDb.toFixed(1),
    keptFloat ? 'kept in float' : '',
  ]);
  return table([['convolution', 'weights', 'dB alone', ''], ...rows]);
}

function signed(difference: number): string {
  return `${difference < 0 ? '-' : '+'}${Math.abs(difference).toFixed(3)}`;
}

function figure(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(3);
}
