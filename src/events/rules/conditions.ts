import type { CameraRules } from '../../config/index.js';
import type { Box } from '../../geometry/index.js';
import type { EventValue } from '../messages.js';
import type { RuleOf } from './rule-runner.js';
import type { Scene } from './scene.js';
import type { SceneTrack } from './scene-track.js';
import { Sustained } from './sustained.js';

/** Speed and direction may lapse for so long. */
const LAPSE_MS = 1000;
/** Who is within this share of the own height from a thing stands by it. */
const NEAR_SHARE = 0.5;
const DEGREES_PER_RADIAN = 180 / Math.PI;

/** What an event about one track depends on. Times are those of the scene, ms. */
export interface Condition {
  /** Since when it is so; undefined where it is not, `unknown` where nothing can be said now: then it stays as it was. */
  holds(track: SceneTrack, scene: Scene): number | 'unknown' | undefined;
  /** When it ceased to be so; when the track was seen last by default. */
  endedMs?(track: SceneTrack): number | undefined;
  /** What was measured meanwhile. */
  measured?(track: SceneTrack): EventValue;
}

/** The object is in a zone, for as long as `leastMs`. */
export function inZone(zone: string, leastMs: number): Condition {
  return {
    holds(track) {
      const visit = track.visits.get(zone);
      return visit?.isInside === true && visit.seenForMs >= leastMs ? visit.enteredMs : undefined;
    },
    endedMs: (track) => track.visits.get(zone)?.leftMs,
  };
}

/** It goes against the arrow. */
export function wrongWay(rule: RuleOf<'wrong-way'>): Condition {
  const lasting = sustained(rule.seconds);
  return seen(rule, (track, scene) => {
    const { widthPx, heightPx } = scene.frame!;
    const [[x1, y1], [x2, y2]] = rule.allowed;
    const allowed = Math.atan2((y2 - y1) * heightPx, (x2 - x1) * widthPx);
    const { heading } = track.motion;
    const isWrong =
      heading !== undefined && angleBetween(heading, allowed) * DEGREES_PER_RADIAN >= rule.degrees;
    return lasting(track).take(isWrong, scene.nowMs);
  });
}

/** It stands still, and mostly has moved before. */
export function stopped(rule: RuleOf<'stopped'>): Condition {
  return seen(rule, ({ motion }, { nowMs }) => {
    const sinceMs = motion.stillSinceMs;
    if (sinceMs === undefined || (rule.afterMoving && !motion.hasMoved)) return undefined;
    return nowMs - sinceMs >= rule.seconds * 1000 ? sinceMs : undefined;
  });
}

/** It stands still, and nobody is near. */
export function abandoned(rule: RuleOf<'abandoned'>): Condition {
  const attended = new WeakMap<SceneTrack, number>();
  return seen(rule, (track, scene) => {
    const { nowMs } = scene;
    const isNear = [...scene.tracks.values()].some(
      (owner) =>
        rule.owners.includes(owner.object.label) &&
        !owner.isLost(nowMs) &&
        gapBetween(owner.object.box, track.object.box) <
          NEAR_SHARE * (owner.object.box[3] - owner.object.box[1]),
    );
    if (isNear) attended.set(track, nowMs);
    const sinceMs = Math.max(track.motion.stillSinceMs ?? nowMs, attended.get(track) ?? -Infinity);
    return nowMs - sinceMs >= rule.seconds * 1000 ? sinceMs : undefined;
  });
}

/** It is faster than allowed. */
export function tooFast(rule: RuleOf<'speed'>): Condition {
  const lasting = sustained(rule.seconds);
  const highest = new WeakMap<SceneTrack, number>();
  const isFast = seen(rule, (track, { nowMs }) => {
    const { kmh = 0 } = track.motion;
    const sinceMs = lasting(track).take(kmh > rule.kmhAbove, nowMs);
    if (sinceMs === undefined) highest.delete(track);
    else highest.set(track, Math.max(kmh, highest.get(track) ?? 0));
    return sinceMs;
  });
  const top = new WeakMap<SceneTrack, number>();
  return {
    holds(track, scene) {
      const result = isFast.holds(track, scene);
      const kmh = highest.get(track);
      if (kmh !== undefined) top.set(track, kmh);
      return result;
    },
    measured: (track) => ({ kmh: Math.round((top.get(track) ?? 0) * 10) / 10 }),
  };
}

/** A condition that says nothing while the track is out of sight for a moment, and needs it in the rule's zone. */
export function seen(
  { zone }: { readonly zone?: string | undefined },
  holds: (track: SceneTrack, scene: Scene) => number | undefined,
): Condition {
  return {
    holds(track, scene) {
      if (!track.isSeen) return track.isLost(scene.nowMs) ? undefined : 'unknown';
      const sinceMs = holds(track, scene);
      return zone === undefined || track.visits.get(zone)?.isInside === true ? sinceMs : undefined;
    },
  };
}

function sustained(seconds: number): (track: SceneTrack) => Sustained {
  const byTrack = new WeakMap<SceneTrack, Sustained>();
  return (track) => {
    let one = byTrack.get(track);
    if (one === undefined) byTrack.set(track, (one = new Sustained(seconds * 1000, LAPSE_MS)));
    return one;
  };
}

/** 0 to π. */
function angleBetween(a: number, b: number): number {
  const turn = Math.abs(a - b) % (2 * Math.PI);
  return Math.min(turn, 2 * Math.PI - turn);
}

/** The shortest way between two boxes; 0 where they touch. */
function gapBetween(a: Box, b: Box): number {
  const x = Math.max(0, a[0] - b[2], b[0] - a[2]);
  const y = Math.max(0, a[1] - b[3], b[1] - a[3]);
  return Math.hypot(x, y);
}

/** Whether a camera has what a rule needs; the configuration is checked, a rule that is handed in by other means may not be. */
export function isComplete(
  rule: CameraRules['rules'][number],
  { zones, lines, calibration }: CameraRules,
): boolean {
  if ('zone' in rule && rule.zone !== undefined && !Object.hasOwn(zones, rule.zone)) return false;
  if (rule.type === 'line' && !Object.hasOwn(lines, rule.line)) return false;
  return rule.type !== 'speed' || calibration !== undefined;
}
