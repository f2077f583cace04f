import { request, requestJson } from '../request.js';
import type { TrackPathView, TrackView } from '../../../src/server/protocol.js';
import { rangesOf, type ClipRange } from './clip-time.js';
import { frameTimes, indexEnd } from './frame-times.js';
import type { TrackedPath } from './path-boxes.js';

/** Indexes of clips of some minutes are smaller. */
const HEAD_BYTES = 64 * 1024;

/** What a player knows of a clip beside its pictures. */
export interface ClipFacts {
  readonly ranges: readonly ClipRange[];
  /** When each picture is shown, ms; undefined where that cannot be read. */
  readonly timesMs: readonly number[] | undefined;
}

/** Reads the beginning of a clip; throws `RequestFault`. */
export async function readClip(address: string, signal: AbortSignal): Promise<ClipFacts> {
  const part = async (bytes: number) => {
    const response = await request(address, { headers: { range: `bytes=0-${bytes - 1}` }, signal });
    return { response, head: new DataView(await response.arrayBuffer()) };
  };
  let { response, head } = await part(HEAD_BYTES);
  const end = indexEnd(head);
  if (end !== undefined && end > head.byteLength) ({ response, head } = await part(end));
  return { ranges: rangesOf(response.headers.get('sightline-clip-ranges')), timesMs: frameTimes(head) };
}

/** Tracks by their ids, with where they were; those that are gone, or have no path yet, are left out. */
export async function readPaths(ids: readonly string[], signal: AbortSignal): Promise<TrackedPath[]> {
  const found = await Promise.all(
    ids.map(async (id): Promise<TrackedPath | undefined> => {
      const get = <T>(of: string, more = '') =>
        requestJson<T>(`/api/v1/tracks/${encodeURIComponent(of)}${more}`, { signal });
      try {
        const found = await get<TrackView>(id);
        // One that turned out to be another went that one's way.
        const track = found.mergedInto === undefined ? found : await get<TrackView>(found.mergedInto);
        return track.hasPath ? { track, path: await get<TrackPathView>(track.id, '/path') } : undefined;
      } catch (error) {
        if (signal.aborted) throw error;
        // Deleted meanwhile: the clip is shown without its box.
        return undefined;
      }
    }),
  );
  return found.flatMap((one) => one ?? []);
}
