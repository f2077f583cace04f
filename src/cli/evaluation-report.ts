import type { BestThreshold, DetectionMetrics } from '../evaluation/index.js';
import { table } from './table.js';

/** What `evaluate detections` found out. */
export interface EvaluationReport {
  /** Of the annotations. */
  readonly format: string;
  readonly images: number;
  /** Absent for detections made earlier. */
  readonly detector?: { readonly version: string; readonly seconds: number };
  readonly metrics: DetectionMetrics;
  /** Labels of the annotations that could not be found. */
  readonly missingLabels: readonly string[];
  /** What a person should know before trusting the figures. */
  readonly notes: readonly string[];
}

/** Labels with objects to find, of which none was among those that could be found. */
export function missingLabels(metrics: DetectionMetrics, known: ReadonlySet<string>): string[] {
  return metrics.labels.flatMap(({ label, objects }) => (objects > 0 && !known.has(label) ? [label] : []));
}

/** Says what missing labels do to the figures; nothing where none is missing. */
export function missingNote(
  metrics: DetectionMetrics,
  missing: readonly string[],
  isModel: boolean,
): readonly string[] {
  if (missing.length === 0) return [];
  const others = metrics.labels.filter(({ label, objects }) => objects > 0 && !missing.includes(label));
  const meanAp = others.reduce((sum, { ap }) => sum + ap, 0) / others.length;
  const named = missing.map((label) => {
    const count = metrics.labels.find((one) => one.label === label)?.objects ?? 0;
    return `${label} (${count} ${count === 1 ? 'object' : 'objects'})`;
  });
  const who = isModel ? 'the model has no label' : 'no detection is called';
  const cure = isModel ? '; where it has another name for one, say --rename OLD=NEW' : '';
  return [`${who} ${named.join(', ')}: AP counts as 0 there, and is ${figure(meanAp)} without${cure}`];
}

/** The report for programs: figures are null where there is no object to find. */
export function reportJson({ metrics, ...report }: EvaluationReport): string {
  const { precisionAt50: _, precisionAt75: __, labels, ...figures } = metrics;
  const flat = { ...report, ...figures, labels: labels.map(({ precisionAt50: _, ...label }) => label) };
  return `${JSON.stringify(flat, null, 2)}\n`;
}

/** The report for people. */
export function reportText({ format, images, detector, metrics, notes }: EvaluationReport): string {
  const bySize = (name: string, all: number, small: number, medium: number, large: number) => [
    name,
    ...[all, small, medium, large].map(figure),
  ];
  const facts = table([
    ['annotations', format],
    ['images', String(images)],
    ['objects', String(metrics.objects)],
    ...(detector === undefined
      ? []
      : [
          ['detector', detector.version],
          ['time', `${detector.seconds.toFixed(1)} s`],
        ]),
  ]);
  const figures = table([
    ['', 'all', 'small', 'medium', 'large'],
    bySize('AP', metrics.ap, metrics.apSmall, metrics.apMedium, metrics.apLarge),
    ['AP50', figure(metrics.ap50)],
    ['AP75', figure(metrics.ap75)],
    bySize('AR', metrics.ar, metrics.arSmall, metrics.arMedium, metrics.arLarge),
  ]);
  const byLabel = table([
    ['label', 'objects', 'AP', 'AP50', 'AP75', 'AR', 'best score', 'precision', 'recall', 'F1'],
    [
      '(all)',
      String(metrics.objects),
      ...[metrics.ap, metrics.ap50, metrics.ap75, metrics.ar].map(figure),
      ...bestCells(metrics.best),
    ],
    ...metrics.labels.map(({ label, objects, ap, ap50, ap75, ar, best }) => [
      label,
      String(objects),
      ...[ap, ap50, ap75, ar].map(figure),
      ...bestCells(best),
    ]),
  ]);
  const told = notes.map((note) => `note: ${note}\n`).join('');
  return `${facts}${told}\n${figures}\n${byLabel}best score: the score threshold with the highest F1 at IoU 0.50\n`;
}

function bestCells(best: BestThreshold | undefined): string[] {
  if (best === undefined) return ['-', '-', '-', '-'];
  // Rounded down, so that the threshold as shown still takes the last detection.
  const score = Math.floor(best.scoreMin * 1000) / 1000;
  return [score, best.precision, best.recall, best.f1].map(figure);
}

function figure(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(3);
}
