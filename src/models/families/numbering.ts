import { COCO_CATEGORY_IDS, COCO_CLASSES } from '../coco-classes.js';
import type { DetectorDescription } from '../detector-spec.js';
import { NAME_LENGTH_MAX, namesIn, usualNames } from './class-names.js';

/** Which class a model's number stands for: an index, an index above a background of 0, or the id of a COCO category (1–90 with gaps). */
export type Numbering = 'from-zero' | 'from-one' | 'coco-ids';

/** A model's classes, and how it numbers them. */
export interface NumberedClasses {
  readonly classes: readonly string[];
  readonly numbering: Numbering;
}

/** COCO's categories have the ids 1–90; with a place for 0, and one more where there is one for "no object". */
const COCO_ID_COUNTS = [91, 92];
const BACKGROUND = /^(_*background_*|n\/a)$/i;
const ID_MAX = 100_000;

/**
 * The classes of a model that tells how many it has: those of its metadata, else COCO's by the ids of its categories, else
 * {@link usualNames}.
 */
export function classesByCount(metadata: Readonly<Record<string, string>>, count: number): NumberedClasses {
  const own = ownNames(metadata);
  if (own !== undefined) return { classes: own, numbering: 'from-zero' };
  if (COCO_ID_COUNTS.includes(count)) return { classes: COCO_CLASSES, numbering: 'coco-ids' };
  return { classes: usualNames(count), numbering: 'from-zero' };
}

/** The classes of a model whose outputs do not tell how many it has: those of its metadata, else COCO's with its family's numbers. */
export function classesByFamily(
  metadata: Readonly<Record<string, string>>,
  numbering: Numbering,
): NumberedClasses {
  const own = ownNames(metadata);
  if (own === undefined) return { classes: COCO_CLASSES, numbering };
  // Where 0 is the background, lists of names begin behind it, or name it.
  const isBehind = numbering !== 'from-zero' && !BACKGROUND.test(own[0] ?? '') && !isById(metadata);
  return { classes: own, numbering: isBehind ? 'from-one' : 'from-zero' };
}

/** The class index of a model's number; undefined where it stands for no class. */
export function classIndex(number: number, { facts }: DetectorDescription): number | undefined {
  if (!Number.isInteger(number)) return undefined;
  const index =
    facts['numbering'] === 'coco-ids'
      ? COCO_CATEGORY_IDS.indexOf(number)
      : number - (facts['numbering'] === 'from-one' ? 1 : 0);
  return index >= 0 ? index : undefined;
}

/** How many classes a model's metadata names, if it does. */
export function namedCount(metadata: Readonly<Record<string, string>>): number | undefined {
  return ownNames(metadata)?.length;
}

/** Names by number: `id2label` of Hugging Face, RF-DETR's `rfdetr_inference`, or `names` of Ultralytics. */
function ownNames(metadata: Readonly<Record<string, string>>): readonly string[] | undefined {
  return byId(metadata) ?? namesIn(metadata);
}

function isById(metadata: Readonly<Record<string, string>>): boolean {
  return byId(metadata) !== undefined;
}

function byId(metadata: Readonly<Record<string, string>>): readonly string[] | undefined {
  const inference = record(parsed(metadata['rfdetr_inference']));
  const labels = record(parsed(metadata['id2label'])) ?? record(inference?.['class_id_to_name']);
  const entries = Object.entries(labels ?? {}).map(([id, name]) => [Number(id), name] as const);
  const isWhole = entries.every(
    ([id, name]) => Number.isInteger(id) && id >= 0 && id < ID_MAX && typeof name === 'string',
  );
  if (entries.length === 0 || !isWhole) return undefined;
  const names = new Map(entries.map(([id, name]) => [id, String(name).slice(0, NAME_LENGTH_MAX)]));
  return Array.from({ length: Math.max(...names.keys()) + 1 }, (_, id) => names.get(id) ?? `class ${id}`);
}

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    // Metadata is anybody's: what is no JSON names no classes.
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
