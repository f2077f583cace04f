import type { CameraRules } from '../../config/index.js';
import type { EventMessage } from '../messages.js';
import { RuleEngine } from './rule-engine.js';
import type { RuleFrame } from './scene.js';

/** What is played again to which rules. */
export interface ReplayOptions {
  readonly camera: string;
  readonly rules: CameraRules;
  /** In the order of their times. A new epoch ends what was open. */
  readonly frames: Iterable<RuleFrame>;
  /** Part of the ids of the events; `replay` by default. */
  readonly run?: string;
}

/**
 * The events that these rules would have had with these frames: what a changed rule would have done. Pure; the last of what is still
 * open ends with the last frame. Frames without `changes` do: a track that is no longer shown is lost after a while.
 */
export function* replayRules({
  camera,
  rules,
  frames,
  run = 'replay',
}: ReplayOptions): Generator<EventMessage> {
  const engine = new RuleEngine({ camera, trackRun: run, eventRun: run, rules });
  let last: RuleFrame | undefined;
  for (const frame of frames) {
    if (last !== undefined && last.epoch !== frame.epoch) yield* engine.stop('stream', last.capturedAtMs);
    yield* engine.observe(frame).messages;
    last = frame;
  }
  if (last !== undefined) yield* engine.stop('stream', last.capturedAtMs);
}
