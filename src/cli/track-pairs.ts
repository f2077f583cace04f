import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../base/index.js';

/** Labels of one sequence and the tracks to compare with them. */
export interface TrackPair {
  readonly name: string;
  readonly truth: string;
  readonly tracks: string;
}

/** The pairs of `--truth` and `--tracks`, and notes on sequences left out. */
export interface TrackPairs {
  readonly pairs: readonly TrackPair[];
  readonly notes: readonly string[];
}

/**
 * Pairs label files with track files: in the order given, or by the sequences' names where both are folders.
 *
 * @throws {AppError} `cli/unequal-pairs`, `evaluation/nothing-in-common`, `cli/unreadable-file`
 */
export async function trackPairs(truths: readonly string[], tracks: readonly string[]): Promise<TrackPairs> {
  const [truth] = truths;
  const [track] = tracks;
  if (truths.length === 1 && tracks.length === 1 && isFolder(truth!) && isFolder(track!))
    return inFolders(truth!, track!);
  const folder = [...truths, ...tracks].find(isFolder);
  if (truths.length !== tracks.length || folder !== undefined)
    throw new AppError(
      'cli/unequal-pairs',
      'input',
      `${truths.length} files of labels and ${tracks.length} of tracks` +
        (folder === undefined ? '' : `, among them the folder ${folder}`) +
        ': name one file of tracks for each of labels, in the same order, or two folders',
    );
  return {
    pairs: truths.map((file, at) => ({ name: sequenceName(file), truth: file, tracks: tracks[at]! })),
    notes: [],
  };
}

async function inFolders(truth: string, tracks: string): Promise<TrackPairs> {
  const labelled = await sequencesIn(truth, ['gt/gt.txt', 'gt.txt']);
  const tracked = await sequencesIn(tracks, ['tracks.txt', 'gt/gt.txt']);
  const pairs = [...labelled].flatMap(([name, file]) => {
    const found = tracked.get(name);
    return found === undefined ? [] : [{ name, truth: file, tracks: found }];
  });
  if (pairs.length === 0)
    throw new AppError(
      'evaluation/nothing-in-common',
      'input',
      `${tracks} has tracks of none of the sequences in ${truth}: expected SEQUENCE.txt for each SEQUENCE/gt/gt.txt, ` +
        'SEQUENCE/gt.txt or SEQUENCE.txt',
    );
  const without = [...labelled.keys()].filter((name) => !tracked.has(name));
  const unknown = [...tracked.keys()].filter((name) => !labelled.has(name));
  return {
    pairs,
    notes: [
      ...(without.length === 0 ? [] : [`sequences without tracks, left out: ${without.join(', ')}`]),
      ...(unknown.length === 0 ? [] : [`tracks without labels, left out: ${unknown.join(', ')}`]),
    ],
  };
}

/** The file of each sequence of a folder: `NAME.txt`, or one of `inner` within a folder `NAME`. */
async function sequencesIn(folder: string, inner: readonly string[]): Promise<Map<string, string>> {
  const sequences = new Map<string, string>();
  for (const name of (await readdir(folder)).sort()) {
    const place = path.join(folder, name);
    if (isFolder(place)) {
      const file = inner.map((one) => path.join(place, one)).find(existsSync);
      if (file !== undefined) sequences.set(name, file);
    } else if (name.endsWith('.txt')) sequences.set(path.parse(name).name, place);
  }
  return sequences;
}

/** `TUD-Campus` of `TUD-Campus/gt/gt.txt`, `TUD-Campus/gt.txt` and `TUD-Campus.txt`. */
function sequenceName(file: string): string {
  const parts = path.resolve(file).split(path.sep);
  const { name } = path.parse(file);
  if (name !== 'gt') return name;
  return parts.at(-2) === 'gt' ? (parts.at(-3) ?? name) : (parts.at(-2) ?? name);
}

function isFolder(place: string): boolean {
  return existsSync(place) && statSync(place).isDirectory();
}
