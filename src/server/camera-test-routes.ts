import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../base/index.js';
import { refuseSource } from '../config/index.js';
import { maskSource, parseSource } from '../media/index.js';
import type { Access } from './access.js';
import type { ServerDependencies } from './dependencies.js';
import { readBody } from './json-body.js';
import { notFound } from './problem.js';
import type { CameraTestView } from './protocol.js';
import { RateLimit } from './rate-limit.js';
import type { Route } from './route.js';

/** Body of `POST cameras/test`. */
export const cameraTestBody = z.strictObject({ source: z.string().min(1).max(4096) });

const AT_ONCE_MAX = 2;
const PER_MINUTE_MAX = 10;
const PICTURES_MAX = 4;
const PICTURE_LIFE_MS = 5 * 60_000;

/** Trying a source before it is saved. The limits keep it from being a port scanner. */
export function cameraTestRoutes(
  { trySource, accounts, clock }: Pick<ServerDependencies, 'trySource' | 'accounts' | 'clock'>,
  access: Access,
): Route[] {
  const rate = new RateLimit({ count: PER_MINUTE_MAX, windowMs: 60_000, clock });
  const pictures = new Map<string, { readonly jpeg: Buffer; readonly takenMs: number }>();
  let running = 0;

  function keep(jpeg: Buffer): string {
    const id = randomUUID();
    pictures.set(id, { jpeg, takenMs: clock.monotonicMs() });
    const [oldest] = pictures.keys();
    if (pictures.size > PICTURES_MAX) pictures.delete(oldest!);
    return `/api/v1/cameras/test/${id}/picture.jpg`;
  }

  return [
    {
      method: 'POST',
      path: '/api/v1/cameras/test',
      permission: 'config',
      // Whoever may change the configuration sees all cameras; what is tried is none yet.
      filtersCameras: true,
      answer: async (request, response, caller) => {
        const { source } = readBody(request, cameraTestBody);
        refuseSource(['source'], source);
        // From here on its password is masked everywhere.
        parseSource(source);
        if (running >= AT_ONCE_MAX || !rate.allow()) throw tooMany();
        const where = maskSource(source);
        const actor = { caller, address: access.originOf(request).address };
        accounts.audit.note(actor, { what: 'camera.test', detail: where });
        const gone = new AbortController();
        response.once('close', () => gone.abort());
        running++;
        try {
          const { picture, ...seen } = await trySource(source, gone.signal);
          response.json({
            source: where,
            ...seen,
            ...(picture !== undefined && { picture: keep(picture) }),
          } satisfies CameraTestView);
        } finally {
          running--;
        }
      },
    },
    {
      path: '/api/v1/cameras/test/:picture/picture.jpg',
      // Of sources that are no cameras yet; only administrators have the permission, and they see all as it is.
      permission: 'config',
      filtersCameras: true,
      pictures: 'plain',
      audit: 'picture.view',
      answer: (request, response) => {
        const kept = pictures.get(String(request.params['picture']));
        if (kept === undefined || clock.monotonicMs() - kept.takenMs > PICTURE_LIFE_MS) throw notFound();
        response.type('image/jpeg').send(kept.jpeg);
      },
    },
  ];
}

function tooMany(): AppError {
  return new AppError(
    'server/too-many-camera-tests',
    'unavailable',
    `sources are tried ${AT_ONCE_MAX} at a time and ${PER_MINUTE_MAX} times a minute at most: wait a little`,
  );
}
