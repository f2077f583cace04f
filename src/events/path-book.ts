import type { FrameObject, TrackMessage } from './messages.js';
import type { FrameContext } from './track-book.js';
import { TrackPath } from './track-path.js';

/** The path of a track that is over, packed. */
export interface FinishedPath {
  /** Id of the track. */
  readonly track: string;
  readonly path: Uint8Array;
}

/** One camera's paths of announced tracks, from their beginning to their end. */
export class PathBook {
  readonly #paths = new Map<string, TrackPath>();

  /** Takes where a frame's objects are. */
  follow(objects: readonly FrameObject[], idOf: (track: number) => string, context: FrameContext): void {
    for (const { track, box } of objects)
      this.#paths.get(idOf(track))?.add({ timeMs: context.capturedAtMs, box });
  }

  /** Takes what became of tracks; returns the paths of those that ended. A merged one goes on in the other. */
  take(changes: readonly TrackMessage[]): FinishedPath[] {
    return changes.flatMap((message) => {
      const { id, box } = message.track;
      const path = this.#paths.get(id);
      if (message.type === 'track.started') {
        const begun = new TrackPath({ widthPx: message.frame.width, heightPx: message.frame.height });
        begun.add({ timeMs: Date.parse(message.time), box });
        this.#paths.set(id, begun);
      } else if (path !== undefined && message.type === 'track.merged') {
        this.#paths.delete(id);
        this.#paths.get(message.into)?.take(path);
      } else if (path !== undefined && message.type === 'track.ended') {
        this.#paths.delete(id);
        return [{ track: id, path: path.encode() }];
      }
      return [];
    });
  }
}
