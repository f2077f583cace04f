import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError, createLog, messageOf } from '../base/index.js';
import type { Environment } from '../config/index.js';
import { textAccuracy, type ReadPair, type TextAccuracy } from '../evaluation/index.js';
import { defaultCacheDir, TextPool } from '../inference/index.js';
import type { CliIo } from './cli-io.js';
import { readOptions, type ReadFlags } from './read.js';
import { table } from './table.js';
import { textPicture } from './text-pictures.js';
import { progressBar } from './progress.js';

/** The flags of `sightline evaluate text`. */
export interface EvaluateTextOptions extends Omit<ReadFlags, 'jsonl' | 'ffmpegPath' | 'env'> {
  readonly truth: string;
  readonly images?: string;
  readonly json?: true;
  readonly each?: true;
}

/** A picture, and the text that stands in it. */
interface LabelledText {
  readonly file: string;
  readonly text: string;
}

/**
 * `sightline evaluate text`: reads labelled pictures, and tells how much of it is right. Where a picture shows several texts, the one that
 * is read as likeliest counts: the plate, or all lines together.
 *
 * @throws {AppError} `cli/bad-text-labels`, `cli/bad-picture`, `reading/bad-pattern`, `model/*`
 */
export async function evaluateText(
  flags: EvaluateTextOptions,
  io: CliIo & { readonly env: Environment },
): Promise<void> {
  const labelled = labelledTexts(flags.truth, flags.images);
  const options = readOptions(flags);
  const pool = await TextPool.open({ log: createLog('warn'), graphCacheDir: defaultCacheDir(io.env) });
  const bar = progressBar(labelled.length, 'pictures');
  const pairs: (ReadPair & { readonly file: string; readonly confidence: number })[] = [];
  const spent = { detectMs: 0, recogniseMs: 0, lines: 0 };
  try {
    for (const { file, text } of labelled) {
      const { texts, ...took } = await pool.read({ picture: await textPicture(file), options });
      const read =
        flags.plates === undefined ? texts.map(({ value }) => value).join(' ') : (texts[0]?.value ?? '');
      pairs.push({ file, truth: text, read, confidence: texts[0]?.confidence ?? 0 });
      for (const key of ['detectMs', 'recogniseMs', 'lines'] as const) spent[key] += took[key];
      bar.advance();
    }
  } finally {
    bar.stop();
    await pool.close();
  }
  const report = {
    ...textAccuracy(pairs),
    detectMsPerPicture: spent.detectMs / Math.max(1, pairs.length),
    recogniseMsPerLine: spent.recogniseMs / Math.max(1, spent.lines),
    linesPerPicture: spent.lines / Math.max(1, pairs.length),
    model: pool.version,
    ...(flags.each === true && { pictures: pairs }),
  };
  io.stdout.write(flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
}

function reportText(
  report: TextAccuracy & Record<'detectMsPerPicture' | 'recogniseMsPerLine' | 'linesPerPicture', number>,
) {
  return table([
    ['pictures', String(report.count)],
    ['exact', report.exact.toFixed(3)],
    ['exact, O as 0 and I as 1', report.exactButConfusables.toFixed(3)],
    ['character error rate', report.errorRate.toFixed(3)],
    ['detection, ms a picture', report.detectMsPerPicture.toFixed(1)],
    ['recognition, ms a line', report.recogniseMsPerLine.toFixed(1)],
    ['lines a picture', report.linesPerPicture.toFixed(1)],
  ]);
}

/** Labels from a file of lines `picture text`, or a folder of OpenALPR's `.txt` files (file, x, y, w, h, plate, by tabs). */
function labelledTexts(truth: string, images: string | undefined): LabelledText[] {
  try {
    const isFolder = statSync(truth).isDirectory();
    const folder = images ?? (isFolder ? truth : path.dirname(truth));
    const files = isFolder
      ? readdirSync(truth).filter((name) => name.endsWith('.txt')).sort().map((name) => path.join(truth, name)) // prettier-ignore
      : [truth];
    const labelled = files.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .map((line) => {
          const cells = line.split('\t');
          const [, name, text] =
            cells.length >= 6 ? ['', cells[0], cells[5]] : (/^(\S+)\s+(.+)$/.exec(line) ?? []);
          if (name === undefined || text === undefined)
            throw new Error(`"${line.slice(0, 80)}" is no picture and text`);
          return { file: path.join(folder, name), text: text.trim() };
        }),
    );
    if (labelled.length === 0) throw new Error('there are no labels');
    return labelled;
  } catch (error) {
    throw new AppError('cli/bad-text-labels', 'input', `--truth ${truth}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
