import { AppError } from '../base/index.js';
import { loadConfig, nearestName, type CameraConfig } from '../config/index.js';
import { RuleEngine } from '../events/index.js';
import { COCO_CLASSES } from '../models/index.js';

/** Whose rules a video is looked at with. */
export interface AnalysisRulesOptions {
  /** Path of a configuration. */
  readonly config: string;
  /** One of its cameras; may be left out where there is only one. */
  readonly camera?: string;
  /** As in the ids of tracks. */
  readonly run: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The rules of a camera of a configuration, for a video in its place. The camera's own source and analysis have no part in it.
 *
 * @throws {AppError} `config/*`; `cli/which-camera` when the camera is not there, or is not named among several
 */
export async function analysisRules({ config, camera, run, env }: AnalysisRulesOptions): Promise<RuleEngine> {
  const { cameras } = await loadConfig(config, env, COCO_CLASSES);
  const rules = chosen(cameras, camera, config);
  return new RuleEngine({ camera: 'file', trackRun: run, eventRun: run, rules });
}

function chosen(cameras: readonly CameraConfig[], id: string | undefined, file: string): CameraConfig {
  const ids = cameras.map((camera) => camera.id);
  const found = id === undefined && cameras.length === 1 ? cameras[0] : cameras.find((one) => one.id === id);
  if (found !== undefined) return found;
  const nearest = id === undefined ? undefined : nearestName(id, ids);
  const cure = nearest === undefined ? `there are ${ids.slice(0, 8).join(', ')}` : `did you mean ${nearest}?`;
  throw new AppError(
    'cli/which-camera',
    'input',
    id === undefined
      ? `${file} has ${cameras.length} cameras: choose one with --camera; ${cure}`
      : `${file} has no camera ${id}; ${cure}`,
  );
}
