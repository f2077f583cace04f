import { boxArea, boxIou, type Box } from '../../geometry/index.js';
import type { EventEnding } from '../messages.js';
import type { EventBook, Moment } from './event-book.js';
import { wants, type RuleOf, type RuleRunner, type RunnerOptions } from './rule-runner.js';
import type { Scene } from './scene.js';
import type { SceneTrack } from './scene-track.js';

/** A thing of the same label that overlaps so much is the same, under another number. */
const SAME_PLACE_IOU = 0.3;
/** With so much of its place covered, nobody can say whether a thing is still there. */
const COVERED_SHARE = 0.3;
const THINGS_MAX = 500;

/** A thing that stood in its place for long enough. */
interface Thing {
  readonly track: SceneTrack;
  readonly box: Box;
  readonly standsSinceMs: number;
  /** Since when it is not there, as far as can be seen. */
  readonly goneSinceMs?: number;
}

/** Events without duration: something that stood in a zone for long is not there any more, and nothing hides its place. */
export class RemovedRunner implements RuleRunner {
  readonly #rule: RuleOf<'removed'>;
  readonly #book: EventBook;
  readonly #things = new Map<number, Thing>();

  constructor({ rule, book }: RunnerOptions<RuleOf<'removed'>>) {
    this.#rule = rule;
    this.#book = book;
  }

  step(scene: Scene, now: Moment): void {
    for (const { from, into } of scene.mergers) this.#rename(from.number, into);
    for (const track of scene.tracks.values()) this.#notice(track, scene.nowMs);
    for (const thing of [...this.#things.values()]) this.#judge(thing, scene, now);
  }

  stop(now: Moment, ending: EventEnding): void {
    this.#book.endAll(now, ending);
    this.#things.clear();
  }

  #rename(number: number, track: SceneTrack): void {
    const thing = this.#things.get(number);
    this.#things.delete(number);
    if (thing !== undefined) this.#things.set(track.number, { ...thing, track });
  }

  #notice(track: SceneTrack, nowMs: number): void {
    const sinceMs = track.motion.stillSinceMs;
    const isThere = track.isSeen && track.visits.get(this.#rule.zone)?.isInside === true;
    if (!isThere || sinceMs === undefined || !wants(this.#rule, track)) return;
    const known = this.#things.get(track.number);
    const hasStood = nowMs - sinceMs >= this.#rule.seconds * 1000;
    if (!hasStood || known?.standsSinceMs === sinceMs || this.#things.size >= THINGS_MAX) return;
    this.#things.set(track.number, { track, box: track.object.box, standsSinceMs: sinceMs });
  }

  #judge(thing: Thing, scene: Scene, now: Moment): void {
    const { track, box } = thing;
    const others = [...scene.tracks.values()].filter((other) => other !== track && other.isSeen);
    const isOpen = scene.tracks.get(track.number) === track;
    const isInPlace = isOpen && track.isSeen && boxIou(track.object.box, box) >= SAME_PLACE_IOU;
    const heir = others.find(
      ({ object }) => object.label === track.object.label && boxIou(object.box, box) >= SAME_PLACE_IOU,
    );
    if (!isInPlace && heir !== undefined) return this.#rename(track.number, heir);
    const isElsewhere = isOpen && track.isSeen && !isInPlace;
    const mayBeHidden =
      !isElsewhere && ((isOpen && track.isHidden) || others.some(({ object }) => covers(object.box, box)));
    const { goneSinceMs: before, ...there } = thing;
    const isGone = !isInPlace && !mayBeHidden;
    const goneSinceMs = isGone ? (before ?? scene.nowMs) : undefined;
    this.#things.set(track.number, { ...there, ...(goneSinceMs !== undefined && { goneSinceMs }) });
    if (goneSinceMs === undefined || scene.nowMs - goneSinceMs < this.#rule.goneSeconds * 1000) return;
    this.#things.delete(track.number);
    this.#book.happened(now, {
      sinceMs: scene.wallOf(goneSinceMs),
      tracks: [track.told],
      label: track.object.label,
      value: { seconds: Math.round((goneSinceMs - thing.standsSinceMs) / 100) / 10 },
    });
  }
}

function covers(other: Box, box: Box): boolean {
  const width = Math.min(other[2], box[2]) - Math.max(other[0], box[0]);
  const height = Math.min(other[3], box[3]) - Math.max(other[1], box[1]);
  return width > 0 && height > 0 && width * height >= COVERED_SHARE * boxArea(box);
}
