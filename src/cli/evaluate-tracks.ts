import { countTracks, readMotRows, trackMetrics, type TrackMetrics } from '../evaluation/index.js';
import { naming, readText } from './annotations.js';
import type { CliIo } from './cli-io.js';
import { table } from './table.js';
import { trackPairs } from './track-pairs.js';

/** The flags of `sightline evaluate tracks`. */
export interface EvaluateTracksOptions {
  readonly truth: readonly string[];
  readonly tracks: readonly string[];
  readonly json?: true;
}

interface NamedMetrics extends TrackMetrics {
  readonly name: string;
}

/**
 * `sightline evaluate tracks`: prints HOTA, identity and CLEAR MOT figures of tracks against labels, both as MOTChallenge lines.
 *
 * @throws {AppError} `cli/unequal-pairs`, `cli/unreadable-file`, `evaluation/invalid-tracks`, `evaluation/nothing-in-common`
 */
export async function evaluateTrackFiles(options: EvaluateTracksOptions, io: CliIo): Promise<void> {
  const { pairs, notes } = await trackPairs(options.truth, options.tracks);
  const sequences: NamedMetrics[] = [];
  const counts = [];
  for (const pair of pairs) {
    const truth = await rowsOf(pair.truth);
    const tracks = await rowsOf(pair.tracks);
    const counted = naming(pair.tracks, () => countTracks(truth, tracks));
    counts.push(counted);
    sequences.push({ name: pair.name, ...trackMetrics([counted]) });
  }
  const combined = trackMetrics(counts);
  io.stdout.write(
    options.json === true
      ? `${JSON.stringify({ sequences, combined, notes }, null, 2)}\n`
      : reportText(sequences, combined, notes),
  );
}

async function rowsOf(file: string) {
  const text = await readText(file);
  return naming(file, () => readMotRows(text));
}

function reportText(
  sequences: readonly NamedMetrics[],
  combined: TrackMetrics,
  notes: readonly string[],
): string {
  const all = sequences.length === 1 ? sequences : [...sequences, { name: '(all)', ...combined }];
  const accuracy = table([
    ['sequence', 'HOTA', 'DetA', 'AssA', 'LocA', 'IDF1', 'IDP', 'IDR', 'MOTA', 'MOTP'],
    ...all.map(({ name, hota, detA, assA, locA, idf1, idp, idr, mota, motp }) => [
      name,
      ...[hota, detA, assA, locA, idf1, idp, idr, mota, motp].map((value) => value.toFixed(3)),
    ]),
  ]);
  const counts = table([
    [
      'sequence',
      'objects',
      'boxes',
      'missed',
      'wrong',
      'switches',
      'fragments',
      'mostly tracked',
      'mostly lost',
    ],
    ...all.map(
      ({ name, objects, boxes, missed, wrong, idSwitches, fragmentations, mostlyTracked, mostlyLost }) => [
        name,
        ...[objects, boxes, missed, wrong, idSwitches, fragmentations, mostlyTracked, mostlyLost].map(String),
      ],
    ),
  ]);
  return `${notes.map((note) => `note: ${note}\n`).join('')}${accuracy}\n${counts}`;
}
