import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../base/index.js';
import type { ServerDependencies } from './dependencies.js';
import { readBody } from './json-body.js';
import type { DiscoveredList, UploadView, WebcamView } from './protocol.js';
import { readQuery, wholeNumber } from './query.js';
import { RateLimit } from './rate-limit.js';
import type { Route } from './route.js';

/** Body of `POST uploads`. */
export const newUploadBody = z.strictObject({ bytes: z.int().min(1).describe('Of the whole file') });
/** Query of `PUT uploads/:id`. */
export const uploadQuery = z.strictObject({ from: wholeNumber(0, Number.MAX_SAFE_INTEGER) });

const SEARCHES_PER_MINUTE_MAX = 10;

/** Where a camera's pictures can come from that nobody has the address of: a device on the network, a clip on one's own disk, the webcam of one's browser. */
export function cameraSourceRoutes({
  discoverCameras,
  uploads,
  clock,
}: Pick<ServerDependencies, 'discoverCameras' | 'uploads' | 'clock'>): Route[] {
  const rate = new RateLimit({ count: SEARCHES_PER_MINUTE_MAX, windowMs: 60_000, clock });
  let isSearching = false;
  return [
    {
      method: 'POST',
      path: '/api/v1/cameras/discover',
      permission: 'config',
      // What is found is no camera yet.
      filtersCameras: true,
      audit: 'camera.discover',
      answer: async (_request, response) => {
        if (isSearching || !rate.allow()) throw tooManySearches();
        isSearching = true;
        const gone = new AbortController();
        response.once('close', () => gone.abort());
        try {
          const devices = await discoverCameras(gone.signal);
          response.json({ devices } satisfies DiscoveredList);
        } finally {
          isSearching = false;
        }
      },
    },
    {
      method: 'POST',
      path: '/api/v1/webcams',
      permission: 'config',
      audit: 'webcam.begin',
      answer: (_request, response) =>
        void response.status(201).json({ source: `webcam:${randomUUID()}` } satisfies WebcamView),
    },
    {
      method: 'POST',
      path: '/api/v1/uploads',
      permission: 'config',
      audit: 'upload.begin',
      answer: async (request, response) => {
        const { bytes } = readBody(request, newUploadBody);
        response.status(201).json((await uploads.begin(bytes)) satisfies UploadView);
      },
    },
    {
      method: 'PUT',
      path: '/api/v1/uploads/:id',
      permission: 'config',
      takesBytes: true,
      answer: async (request, response) => {
        const { from } = readQuery(request, uploadQuery);
        const piece: unknown = request.body;
        if (!Buffer.isBuffer(piece) || piece.length === 0) throw noPiece();
        response.json((await uploads.add(String(request.params['id']), from, piece)) satisfies UploadView);
      },
    },
  ];
}

function tooManySearches(): AppError {
  return new AppError(
    'server/too-many-searches-for-cameras',
    'unavailable',
    `cameras are searched for one search at a time, and ${SEARCHES_PER_MINUTE_MAX} times a minute at most: wait a little`,
  );
}

function noPiece(): AppError {
  return new AppError(
    'server/bad-body',
    'input',
    'this needs the next bytes of the clip as application/octet-stream',
  );
}
