import { AppError } from '../base/index.js';
import type { Config } from '../config/index.js';
import { decodePath, placeAt, type PathPoint } from '../events/index.js';
import { scaleBox, SHARES_OF_PICTURE, type Box } from '../geometry/index.js';
import type { ClipFile, ClipRange, CoverPicture, Recordings } from '../recording/index.js';
import type { Store } from '../store/index.js';
import type { RedactedPictures } from './redaction.js';

/** Tracks that began so long before the clip may still be in it. */
const BEFORE_MS = 10 * 60_000;
const TRACKS_MAX = 500;
/** Where an object was so much before and after a picture is covered, too: its time is that of the analysed picture next to it. */
const AROUND_MS = [-200, 0, 200];

/** Who makes clips, and covers pictures. */
export interface CoveredClipParts {
  readonly config: () => Pick<Config, 'cameras'>;
  readonly recordings: Pick<Recordings, 'coveredClip'>;
  readonly redacted: Pick<RedactedPictures, 'redactOnce'>;
  readonly store: Store;
}

/**
 * A clip of a camera in which what its configuration says is covered, wherever the detector finds it in a picture or a track of that time was.
 *
 * @throws {AppError} `engine/cannot-redact` where it is not said what to cover; those of `Recordings.coveredClip` and `RedactedPictures.redactOnce`
 */
export async function coveredClip(parts: CoveredClipParts, id: string, range: ClipRange): Promise<ClipFile> {
  const camera = parts.config().cameras.find((each) => each.id === id);
  if (camera?.redact === undefined)
    throw new AppError('engine/cannot-redact', 'unavailable', `camera ${id}: it is not said what to cover`);
  const { labels, fill, shape } = camera.redact;
  const way = JSON.stringify(['covered', camera.analyse.model, labels, fill, shape]);
  let paths: Promise<readonly StoredPath[]> | undefined;
  const cover: CoverPicture = async (jpeg, atMs) => {
    paths ??= pathsOf(parts.store, id, { labels, ...range });
    return parts.redacted.redactOnce(id, jpeg, placesAt(await paths, atMs));
  };
  return parts.recordings.coveredClip(id, range, way, cover);
}

/** The path of a track: times of its points are ms since its start, their boxes shares of the picture. */
interface StoredPath {
  readonly startedMs: number;
  readonly points: readonly PathPoint[];
}

async function pathsOf(
  store: Store,
  camera: string,
  { labels, fromMs, toMs }: ClipRange & { readonly labels: readonly string[] },
): Promise<readonly StoredPath[]> {
  const history = store.table('history');
  const query = { cameras: [camera], fromMs: fromMs - BEFORE_MS, toMs, limit: TRACKS_MAX };
  const { rows } = await history.read('tracks', query);
  const covered = rows.filter(({ label }) => labels.includes(label));
  const paths = await history.read(
    'paths',
    covered.map(({ id }) => id),
  );
  return covered.flatMap(({ startedMs, message: { frame } }, at) => {
    const bytes = paths[at];
    if (bytes === undefined) return [];
    const size = { widthPx: frame.width, heightPx: frame.height };
    const points = decodePath(bytes, size).map(({ timeMs, box }) => ({ timeMs, box: scaleBox(box, size, SHARES_OF_PICTURE) })); // prettier-ignore
    return points.length === 0 ? [] : [{ startedMs, points }];
  });
}

/** Where tracks were around a time, as shares of the picture; each as one box around all of its places. */
function placesAt(paths: readonly StoredPath[], atMs: number): Box[] {
  return paths.flatMap(({ startedMs, points }) => {
    const [firstMs, lastMs] = [startedMs + points[0]!.timeMs, startedMs + points.at(-1)!.timeMs];
    const times = AROUND_MS.map((ms) => atMs + ms).filter((ms) => ms >= firstMs && ms <= lastMs);
    if (times.length === 0) return [];
    return [hullOf(times.map((ms) => placeAt(points, ms - startedMs)))];
  });
}

function hullOf(boxes: readonly Box[]): Box {
  const side = (at: 0 | 1 | 2 | 3, of: (...sides: number[]) => number) => of(...boxes.map((box) => box[at]));
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
}
