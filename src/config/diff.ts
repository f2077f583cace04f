import { isDeepStrictEqual } from 'node:util';
import type { CameraConfig, Config } from './config.js';

/** Ids of the cameras that differ between two configurations. */
export interface CameraChanges {
  readonly added: string[];
  readonly removed: string[];
  /** Same id, anything else different. */
  readonly changed: string[];
}

/** Which cameras a reload must start, stop or restart; all others keep running untouched. */
export function diffCameras(before: Config, after: Config): CameraChanges {
  const old = new Map(before.cameras.map((camera) => [camera.id, camera]));
  const changes: CameraChanges = { added: [], removed: [], changed: [] };
  for (const camera of after.cameras) {
    const was = old.get(camera.id);
    if (was === undefined) changes.added.push(camera.id);
    else if (!isDeepStrictEqual(was, camera)) changes.changed.push(camera.id);
    old.delete(camera.id);
  }
  changes.removed.push(...old.keys());
  return changes;
}

/** Whether a camera's connection and analysis can go on as they are: only its zones, lines, calibration, rules or display name differ. */
export function differInRulesOnly(before: CameraConfig, after: CameraConfig): boolean {
  const rest = ({ id, source, enabled, analyse, record, privacy, redact }: CameraConfig) => ({
    ...{ id, source, enabled, analyse, record, privacy, redact },
  });
  return isDeepStrictEqual(rest(before), rest(after));
}

/** The sections whose saved change waits for the next start of the server, for example `['server']`. */
export function sectionsNeedingRestart(before: Config, after: Config): string[] {
  const sections = ['server', 'ffmpeg', 'engine', 'data', 'recording', 'access'] as const;
  return sections.filter((section) => !isDeepStrictEqual(before[section], after[section]));
}
