import type { RuleConfig } from '../../config/index.js';
import type { EventEnding } from '../messages.js';
import type { EventBook, Moment } from './event-book.js';
import type { Scene } from './scene.js';
import type { SceneTrack } from './scene-track.js';

/** One rule at work. What it has to tell goes through its {@link EventBook}. */
export interface RuleRunner {
  /** Takes what the scene has become with a frame. */
  step(scene: Scene, now: Moment): void;
  /** What was seen is over: the stream broke off, or the rule goes. Ends what is open. */
  stop(now: Moment, ending: EventEnding, scene: Scene): void;
  /** Takes how the camera is; called now and then while it is not live. */
  cameraState?(isLive: boolean, now: Moment): void;
}

/** A rule of one type. */
export type RuleOf<Type extends RuleConfig['type']> = Extract<RuleConfig, { readonly type: Type }>;

/** What a runner is made with. */
export interface RunnerOptions<Rule extends RuleConfig = RuleConfig> {
  readonly rule: Rule;
  readonly book: EventBook;
}

/** Which objects a rule is about. */
interface Wanted {
  readonly labels?: readonly string[] | undefined;
  readonly scoreMin: number;
}

/** Whether a rule is about objects of this label. */
export function wantsLabel({ labels }: Pick<Wanted, 'labels'>, label: string): boolean {
  return labels === undefined || labels.includes(label);
}

/** Whether a rule is about this track, as it is now. */
export function wants(rule: Wanted, { object, isConfirmed }: SceneTrack): boolean {
  return isConfirmed && object.score >= rule.scoreMin && wantsLabel(rule, object.label);
}
