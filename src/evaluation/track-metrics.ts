import {
  addClearCounts,
  clearCounts,
  clearFigures,
  type ClearCounts,
  type ClearFigures,
} from './clear-mot.js';
import { addHotaCounts, hotaCounts, hotaFigures, type HotaCounts, type HotaFigures } from './hota.js';
import {
  addIdentityCounts,
  identityCounts,
  identityFigures,
  type IdentityCounts,
  type IdentityFigures,
} from './identity-metrics.js';
import type { MotRow } from './mot-text.js';
import { trackScene } from './track-scene.js';

/** Everything that is counted in one sequence. */
export interface TrackCounts {
  readonly hota: HotaCounts;
  readonly clear: ClearCounts;
  readonly identity: IdentityCounts;
}

/** The figures of one sequence, or of several as one. */
export interface TrackMetrics extends HotaFigures, ClearFigures, IdentityFigures {
  readonly idSwitches: number;
  readonly fragmentations: number;
  readonly mostlyTracked: number;
  readonly mostlyLost: number;
  /** Labelled objects, and their boxes. */
  readonly objects: number;
  readonly boxes: number;
  readonly missed: number;
  readonly wrong: number;
}

/**
 * Compares the tracks of one sequence with its labels.
 *
 * @throws {AppError} `evaluation/invalid-tracks` where an id stands twice in one frame
 */
export function countTracks(truth: readonly MotRow[], tracks: readonly MotRow[]): TrackCounts {
  const scene = trackScene(truth, tracks);
  return { hota: hotaCounts(scene), clear: clearCounts(scene), identity: identityCounts(scene) };
}

/** The figures of one or several sequences together: boxes count alike wherever they are, as in TrackEval's COMBINED row. */
export function trackMetrics(sequences: readonly TrackCounts[]): TrackMetrics {
  const clear = addClearCounts(sequences.map((counts) => counts.clear));
  const { idSwitches, fragmentations, mostlyTracked, mostlyLost, objects, matched, missed, wrong } = clear;
  return {
    ...hotaFigures(addHotaCounts(sequences.map((counts) => counts.hota))),
    ...identityFigures(addIdentityCounts(sequences.map((counts) => counts.identity))),
    ...clearFigures(clear),
    idSwitches,
    fragmentations,
    mostlyTracked,
    mostlyLost,
    objects,
    boxes: matched + missed,
    missed,
    wrong,
  };
}
