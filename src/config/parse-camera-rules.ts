import { parseConfig } from './parse.js';
import type { CameraRules } from './rules-schema.js';

/**
 * Zones, lines, calibration and rules of one camera, checked as those of the configuration file are.
 *
 * @param written as they stand in the file under the camera's id
 * @throws {AppError} `config/unknown-key`, `config/invalid-value`, with every problem on a line of its own
 */
export function parseCameraRules(
  camera: string,
  written: {
    readonly zones?: unknown;
    readonly lines?: unknown;
    readonly calibration?: unknown;
    readonly rules?: unknown;
  },
): CameraRules {
  // Only the rules are taken from it; those about what is read need a camera that reads.
  const file = {
    cameras: { [camera]: { source: 'rtsp://camera', analyse: { heads: ['text'] }, ...written } },
  };
  const config = parseConfig(JSON.stringify(file, undefined, 1), {
    file: 'the request',
    baseDir: '/',
    env: {},
  });
  const { zones, lines, calibration, rules } = config.cameras[0]!;
  return { zones, lines, rules, ...(calibration !== undefined && { calibration }) };
}
