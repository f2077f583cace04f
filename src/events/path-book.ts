import type { FrameObject, TrackMessage } from './messages.js';
import type { FrameContext } from './track-book.js';
import { TrackPath } from './track-path.js';

/** One camera's paths of announced tracks, from their beginning to their end. */
export class PathBook {
  readonly #paths = new Map<string, TrackPath>();

  /** Takes where a frame's objects are. */
  follow(objects: readonly FrameObject[], idOf: (track: number) => string, context: FrameContext): void {
    for (const { track, box } of objects)
      this.#paths.get(idOf(track))?.add({ timeMs: context.capturedAtMs, box });
  }

  /** Takes what became of a track; returns its path, packed, when it ended. A merged one goes on in the other. */
  take(message: TrackMessage): Uint8Array | undefined {
    const { id, box } = message.track;
    if (message.type === 'track.started') {
      const begun = new TrackPath({ widthPx: message.frame.width, heightPx: message.frame.height });
      begun.add({ timeMs: Date.parse(message.time), box });
      this.#paths.set(id, begun);
    }
    const path = this.#paths.get(id);
    if (message.type === 'track.merged' || message.type === 'track.ended') this.#paths.delete(id);
    if (message.type === 'track.merged' && path !== undefined) this.#paths.get(message.into)?.take(path);
    return message.type === 'track.ended' ? path?.encode() : undefined;
  }
}
