import type { FrameObject, TrackReport } from '../events/index.js';
import type { TrackClassRow } from '../store/index.js';

type Classes = NonNullable<FrameObject['class']>;

/** What classifiers say of one camera's open tracks, by their numbers. */
export class ClassBook {
  readonly #classes = new Map<number, Classes>();

  /** Takes what a classifier says of a track, in place of what it said before. */
  take(track: number, { classifier, ...said }: TrackClassRow): void {
    this.#classes.set(track, { ...this.#classes.get(track), [classifier]: said });
  }

  /** The objects of a frame with their classes; the same array where there are none. */
  mark(objects: readonly FrameObject[]): readonly FrameObject[] {
    if (this.#classes.size === 0) return objects;
    return objects.map((object) => {
      const known = this.#classes.get(object.track);
      return known === undefined ? object : { ...object, class: known };
    });
  }

  /** Forgets tracks that are over. What was said of one that turned out to be another's is said of that, where nothing was yet. */
  report(reports: readonly TrackReport[]): void {
    if (this.#classes.size === 0) return;
    for (const report of reports) {
      const { track } = report.object;
      const said = this.#classes.get(track);
      if (said === undefined || (report.change !== 'ended' && report.change !== 'merged')) continue;
      this.#classes.delete(track);
      if (report.change === 'merged')
        this.#classes.set(report.into, { ...said, ...this.#classes.get(report.into) });
    }
  }

  /** The tracks are all over. */
  clear(): void {
    this.#classes.clear();
  }
}
