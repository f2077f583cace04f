import { z } from 'zod';
import type { ConfigFile } from './schema.js';
import type { Complain } from './check-rules.js';

/** Names of patterns of plates: those that the room `reading` knows, which a test compares. */
export const PLATE_PATTERNS = [
  ...['any', 'container', 'eu'],
  ...['at', 'be', 'br', 'ch', 'cz', 'de', 'dk', 'es', 'fr', 'gb', 'hu', 'it', 'nl', 'pl', 'pt', 'ro', 'se', 'sk', 'us'], // prettier-ignore
] as const;
const PATTERN = new RegExp(`^(?:${PLATE_PATTERNS.join('|')}|(?:[LDAujz](?:\\{\\d,\\d\\})?){1,16})$`);

const pattern = z.string().regex(PATTERN, {
  error: `expected one of ${PLATE_PATTERNS.join(', ')}, or a template such as LLDDDLL or L{1,3}D{2,4}`,
});

/** Of rules of type `text`, the keys that other rules do not have. */
export const watchList = {
  list: z
    .array(z.string().min(1).max(256))
    .min(1)
    .max(1000)
    .describe('Plates, or other texts, that are watched for; case, spaces and punctuation do not count'),
  is: z
    .enum(['on-list', 'off-list'])
    .default('on-list')
    .describe('on-list: what is read is on the list; off-list: it is not'),
  distance: z
    .number()
    .min(0)
    .max(3)
    .multipleOf(0.5)
    .default(0.5)
    .describe(
      'By how much what is read may differ from an entry, 0 to 3: a character 1, one that looks alike (0 D Q, 2 Z, 5 S, 6 G, 8 B) a half; O is 0 and I is 1',
    ),
  confidenceMin: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Readings that are less sure are left out, 0 to 1'),
};

/** How the head `text` of a camera reads. */
export const readSection = z
  .strictObject({
    labels: z
      .array(z.string().min(1))
      .min(1)
      .default(['car', 'truck', 'bus', 'motorcycle'])
      .describe('Objects that are read'),
    mode: z
      .enum(['plate', 'text'])
      .default('plate')
      .describe('plate: the licence plate, or number, of each object; text: all that is written on it'),
    patterns: z
      .array(pattern)
      .min(1)
      .max(8)
      .default(['any'])
      .describe(
        'Of plates: what they look like, the likeliest first: countries such as de or us, eu, container, any, or templates such as LLDDDLL (L a letter, D a digit)',
      ),
    width: z
      .int()
      .min(64)
      .max(3840)
      .default(1280)
      .describe(
        'Longer side of the pictures that are read, in pixels, 64 to 3840; never larger than the source, nor smaller than what is analysed',
      ),
    heightMin: z
      .int()
      .min(16)
      .max(2160)
      .default(60)
      .describe(
        'Objects less high than this are not read, in pixels of the pictures that are read; 16 to 2160',
      ),
    everySeconds: z
      .number()
      .min(0)
      .max(60)
      .default(0.3)
      .describe('An object is not read again within this time, 0 to 60'),
    confidenceMin: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('Answers that are less sure are not told, 0 to 1'),
  })
  .describe('How the head text reads; it is switched on by heads: [text]');

/** How the text of a camera's tracks is read. */
export interface ReadConfig {
  /** Of objects that are read. */
  readonly labels: readonly string[];
  /** `plate`: the one number of an object; `text`: all that stands on it. */
  readonly mode: 'plate' | 'text';
  /** Of plates, as `platePatterns` takes them, the likeliest first. */
  readonly patterns: readonly string[];
  /** Longer side of the pictures that are read, px. */
  readonly longSidePx: number;
  /** Least height of an object, px of those pictures. */
  readonly heightMinPx: number;
  /** Least time between two readings of one object. */
  readonly everyMs: number;
  /** Answers that are less sure are not told, 0..1. */
  readonly confidenceMin: number;
}

/** How a camera reads, in the units of the program. */
export function readConfigOf(section: z.output<typeof readSection> = readSection.parse({})): ReadConfig {
  const { width, heightMin, everySeconds, ...as } = section;
  return { ...as, longSidePx: width, heightMinPx: heightMin, everyMs: 1000 * everySeconds };
}

/** How a camera reads where nothing is said of it. */
export const readDefaults = (): ReadConfig => readConfigOf();

/** Finds settings of reading that nothing goes by, and labels that are not looked for. */
export function checkReading(file: ConfigFile, complain: Complain): void {
  for (const [id, { analyse, rules }] of Object.entries(file.cameras)) {
    const path = ['cameras', id] as const;
    const { heads, read, detect } = analyse;
    const reads = heads.includes('text');
    if (read !== undefined && !reads)
      complain([...path, 'analyse', 'read'], 'nothing is read: add text to analyse.heads');
    rules.forEach(({ type }, at) => {
      if (type === 'text' && !reads)
        complain([...path, 'rules', at, 'type'], 'text needs analyse.heads: [text] of this camera');
    });
    if (!reads || detect === undefined) continue;
    const { labels } = read ?? readSection.parse({});
    if (!labels.some((label) => detect.includes(label)))
      complain(
        [...path, 'analyse', ...(read === undefined ? ['heads'] : ['read', 'labels'])],
        `analyse.detect of this camera leaves out all that is read (${labels.join(', ')}): add one there, or name others in analyse.read.labels`,
      );
  }
}
