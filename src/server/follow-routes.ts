import { z } from 'zod';
import { AppError } from '../base/index.js';
import type { ServerDependencies } from './dependencies.js';
import { readBody } from './json-body.js';
import { cameraNotFound } from './problem.js';
import type { Route } from './route.js';

const side = z.number().min(-100_000).max(100_000);
/** Body of `POST cameras/:id/follow`; `box` is in source pixels. */
export const followBody = z.strictObject({
  box: z.tuple([side, side, side, side]),
  label: z
    .string()
    .regex(/^[^\p{C}]{1,64}$/u, { error: 'give it 1 to 64 printable characters' })
    .default('object'),
});

/** "Follow this box": an object that somebody points at, whatever the detector thinks of it. */
export function followRoutes(dependencies: Pick<ServerDependencies, 'follow' | 'release'>): Route[] {
  const idOf = (params: Readonly<Record<string, unknown>>) => String(params['id']);
  return [
    {
      method: 'POST',
      path: '/api/v1/cameras/:id/follow',
      permission: 'control',
      cameraOf: ({ params }) => idOf(params),
      audit: 'object.follow',
      answer: async (request, response) => {
        const { box, label } = readBody(request, followBody);
        const followed = await dependencies.follow(idOf(request.params), box, label);
        if (followed === undefined) throw cameraNotFound();
        response.status(201).json(followed);
      },
    },
    {
      method: 'DELETE',
      path: '/api/v1/cameras/:id/follow/:track',
      permission: 'control',
      cameraOf: ({ params }) => idOf(params),
      audit: 'object.release',
      answer: async (request, response) => {
        const isReleased = await dependencies.release(idOf(request.params), String(request.params['track']));
        if (isReleased === undefined) throw cameraNotFound();
        if (!isReleased)
          throw new AppError(
            'server/not-followed',
            'not-found',
            'no object is followed under this id now: see the answer of POST …/follow',
          );
        response.status(204).end();
      },
    },
  ];
}
