import { readFileSync } from 'node:fs';
import { AppError, createLog, messageOf } from '../base/index.js';
import type { Environment } from '../config/index.js';
import { defaultCacheDir, TextPool, type ReadOptions, type TextRead } from '../inference/index.js';
import { platePatterns } from '../reading/index.js';
import { LineSink } from './analyze-writers.js';
import type { CliIo } from './cli-io.js';
import { table } from './table.js';
import { textPictures, type NamedPicture } from './text-pictures.js';

/** The flags of `sightline read`. */
export interface ReadFlags {
  readonly plates?: readonly string[];
  readonly line?: true;
  readonly jsonl?: string;
  readonly width?: number;
  readonly confidenceMin?: number;
  readonly lexicon?: string;
  readonly ffmpegPath?: string;
  readonly env: Environment;
}

/**
 * `sightline read`: reads the text, or the plates, of pictures or of a video, as a table or one JSON object a picture.
 * @throws {AppError} `reading/bad-pattern`, `cli/bad-lexicon`, `cli/bad-picture`, `model/*`
 */
export async function read(sources: readonly string[], flags: ReadFlags, { stdout }: CliIo): Promise<void> {
  const options = readOptions(flags);
  const pool = await TextPool.open({ log: createLog('warn'), graphCacheDir: defaultCacheDir(flags.env) });
  const sink = flags.jsonl === undefined ? undefined : new LineSink(flags.jsonl);
  const rows = [['picture', 'text', 'confidence', 'at x,y']];
  try {
    for (const source of sources)
      for await (const { name, picture } of textPictures(source, flags)) {
        const { texts } = await pool.read({ picture, options });
        sink?.write(JSON.stringify({ ...name, texts: texts.map(told) }));
        if (sink === undefined) rows.push(...rowsOf(name, texts));
      }
  } finally {
    await sink?.close();
    await pool.close();
  }
  if (sink === undefined) stdout.write(table(rows));
}

/** @throws {AppError} `reading/bad-pattern`, `cli/bad-lexicon` */
export function readOptions({
  plates,
  line,
  width,
  confidenceMin,
  lexicon,
}: Omit<ReadFlags, 'env'>): ReadOptions {
  if (plates !== undefined) platePatterns(plates);
  return {
    ...(plates !== undefined && { plates }),
    ...(line === true && { isLine: true }),
    ...(width !== undefined && { longSidePx: width }),
    ...(confidenceMin !== undefined && { confidenceMin }),
    ...(lexicon !== undefined && { lexicon: wordsIn(lexicon) }),
  };
}

function wordsIn(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .filter((word) => word.trim() !== '');
  } catch (error) {
    throw new AppError('cli/bad-lexicon', 'input', `--lexicon ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function told({ value, confidence, polygon, fitsPattern }: TextRead) {
  return {
    value,
    confidence: Number(confidence.toFixed(4)),
    polygon: polygon.map((corner) => corner.map((side) => Number(side.toFixed(1)))),
    ...(fitsPattern !== undefined && { fitsPattern }),
  };
}

function rowsOf(name: NamedPicture['name'], texts: readonly TextRead[]): string[][] {
  const picture = 'image' in name ? name.image : String(name.index);
  if (texts.length === 0) return [[picture, '', '', '']];
  return texts.map(({ value, confidence, polygon: [[x, y]] }) => [
    picture,
    value,
    confidence.toFixed(3),
    `${Math.round(x)},${Math.round(y)}`,
  ]);
}
