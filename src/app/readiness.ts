import type { EngineClient } from '../engine/index.js';
import type { Ffmpeg } from '../media/index.js';
import type { EngineHealthView, Readiness } from '../server/index.js';
import type { Camera } from './camera.js';
import type { ModelsInUse } from './models-in-use.js';

/** What readiness follows from. */
export interface ReadinessFacts {
  readonly engine: EngineClient['status'];
  readonly engineHealth: EngineHealthView;
  readonly models: ModelsInUse;
  readonly cameras: readonly Camera[];
  readonly ffmpeg: Ffmpeg | undefined;
  /** Why there is no FFmpeg. */
  readonly ffmpegReason: string | undefined;
  /** Why the configuration as saved is not in force. */
  readonly configReason: string | undefined;
  /** Why nothing can be stored. */
  readonly storeReason: string | undefined;
  /** What does not get out. */
  readonly outletWarnings: readonly string[];
  /** Rules that cannot tell anything yet. */
  readonly ruleWarnings: readonly string[];
  /** What is wrong with recording. */
  readonly recordingWarnings: readonly string[];
}

/** Whether the server can do its work, and what it lacks: the answer of `/readyz`. */
export function readinessOf(facts: ReadinessFacts): Readiness {
  const { engine, ffmpeg, ffmpegReason, configReason, cameras } = facts;
  const reasons: string[] = [];
  if (ffmpegReason !== undefined) reasons.push(ffmpegReason);
  if (facts.storeReason !== undefined) reasons.push(facts.storeReason);
  if (engine.state !== 'ready')
    reasons.push(`engine ${engine.state}${engine.reason ? `: ${engine.reason}` : ''}`);
  const models = facts.models.readiness();
  for (const { id, state, reason } of models) {
    if (state === 'ready') continue;
    const what = { loading: 'is being loaded', failed: 'cannot be used', old: 'cannot be replaced' }[state];
    reasons.push(`model ${id} ${what}${reason === undefined ? '' : `: ${reason}`}`);
  }
  return {
    ready: reasons.length === 0,
    reasons,
    ...(ffmpeg === undefined
      ? {}
      : { ffmpeg: { path: ffmpeg.path, version: ffmpeg.version, origin: ffmpeg.origin } }),
    engine: { state: engine.state, restarts: engine.restarts, health: facts.engineHealth, models },
    warnings: [
      ...facts.models.unknownLabels(),
      ...facts.ruleWarnings,
      ...facts.recordingWarnings,
      ...facts.outletWarnings,
    ],
    cameras: { total: cameras.length, live: cameras.filter((camera) => camera.isLive).length },
    ...(configReason === undefined ? {} : { config: configReason }),
  };
}
