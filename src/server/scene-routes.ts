import type { Request } from 'express';
import { z } from 'zod';
import { AppError } from '../base/index.js';
import type { ServerDependencies } from './dependencies.js';
import { readBody } from './json-body.js';
import { cameraNotFound, cameraNotLive } from './problem.js';
import type { Route } from './route.js';
import type { SceneView } from './scene-view.js';

/** Body of `POST cameras/:id/scene`. */
export const sceneBody = z.strictObject({
  pictures: z.int().min(1).max(30).default(6),
  everySeconds: z.number().min(1).max(4).default(1),
});

/** What a camera's picture shows where: zones that are proposed. */
export function sceneRoutes({ camera, scenes }: Pick<ServerDependencies, 'camera' | 'scenes'>): Route[] {
  const route = { path: '/api/v1/cameras/:id/scene', permission: 'control', cameraOf: idOf } as const;
  return [
    {
      ...route,
      answer: (request, response) => {
        const id = idOf(request);
        if (camera(id) === undefined) throw cameraNotFound();
        const last = scenes.last(id);
        if (last === undefined) throw notLooked();
        response.json(last satisfies SceneView);
      },
    },
    {
      ...route,
      method: 'POST',
      audit: 'scene.look',
      answer: async (request, response) => {
        const { pictures, everySeconds } = readBody(request, sceneBody);
        const id = idOf(request);
        const seen = camera(id);
        if (seen === undefined) throw cameraNotFound();
        if (seen.state !== 'live') throw cameraNotLive();
        const gone = new AbortController();
        response.once('close', () => gone.abort());
        const looked = await scenes.look(id, { pictures, everyMs: everySeconds * 1000 }, gone.signal);
        if (looked === undefined) throw cameraNotFound();
        response.json(looked satisfies SceneView);
      },
    },
  ];
}

const idOf = (request: Request) => String(request.params['id']);

function notLooked(): AppError {
  return new AppError(
    'scene/not-looked',
    'not-found',
    'this camera’s scene has not been looked at since the server started: POST to this address',
  );
}
