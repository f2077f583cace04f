import { z } from 'zod';
import { maySee } from '../access/index.js';
import { AppError } from '../base/index.js';
import type { ServerDependencies } from './dependencies.js';
import { readBody } from './json-body.js';
import { cameraNotFound } from './problem.js';
import { cameraId, moment } from './query.js';
import type { Route } from './route.js';

const SPAN_MAX_MS = 24 * 3_600_000;

/** Body of `POST rules/try`. */
export const tryBody = z.strictObject({
  camera: cameraId,
  from: moment,
  to: moment,
  // Looked at as the configuration file would be.
  zones: z.unknown().optional(),
  lines: z.unknown().optional(),
  calibration: z.unknown().optional(),
  rules: z.unknown(),
});

/** What rules would have done. */
export function tryRoutes(dependencies: Pick<ServerDependencies, 'camera' | 'tryRules'>): Route[] {
  return [
    {
      method: 'POST',
      path: '/api/v1/rules/try',
      permission: 'control',
      filtersCameras: true,
      answer: async (request, response, caller) => {
        const { camera, from, to, ...rules } = readBody(request, tryBody);
        if (!maySee(caller, camera) || dependencies.camera(camera) === undefined) throw cameraNotFound();
        if (to <= from || to - from > SPAN_MAX_MS)
          throw new AppError(
            'server/invalid-body',
            'input',
            '"to" must lie after "from", by 24 hours at most',
          );
        response.json(await dependencies.tryRules({ camera, rules, fromMs: from, toMs: to }));
      },
    },
  ];
}
