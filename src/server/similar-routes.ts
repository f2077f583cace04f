import { z } from 'zod';
import { maySee } from '../access/index.js';
import { AppError } from '../base/index.js';
import { similarLooks } from '../store/index.js';
import type { ServerDependencies } from './dependencies.js';
import { camera, camerasFor, noSuchTrack, trackView, word } from './history-routes.js';
import type { SimilarTracks } from './protocol.js';
import { moment, readQuery, wholeNumber } from './query.js';
import type { Route } from './route.js';

/** Query of `GET search/similar`. */
export const similarQuery = z.strictObject({
  track: word,
  camera: camera.optional(),
  label: word.optional(),
  from: moment.optional(),
  to: moment.optional(),
  limit: wholeNumber(1, 100).default(20),
});

/** Searches under way at once; more are refused. */
const AT_ONCE_MAX = 2;

/** Which tracks look alike. */
export function similarRoutes({ history, looks }: ServerDependencies): Route[] {
  let searching = 0;
  return [
    {
      path: '/api/v1/search/similar',
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response, caller) => {
        const { track, camera: asked, label, from, to, limit } = readQuery(request, similarQuery);
        const row = await history.read('track', track);
        if (row === undefined || !maySee(caller, row.camera)) throw noSuchTrack();
        const like = await looks.read('one', row.mergedInto ?? row.id);
        if (like === undefined) throw noLook();
        if (searching >= AT_ONCE_MAX) throw tooManySearches();
        searching++;
        try {
          const found = await similarLooks(looks, {
            like,
            ...camerasFor(caller, asked),
            ...(label !== undefined && { label }),
            ...(from !== undefined && { fromMs: from }),
            ...(to !== undefined && { toMs: to }),
            limit,
          });
          const rows = await Promise.all(found.map(({ track: id }) => history.read('track', id)));
          response.json({
            model: like.model,
            // A look whose track is not stored, or was deleted meanwhile, is left out.
            similar: found.flatMap(({ score }, at) => {
              const of = rows[at];
              const rounded = Math.round(score * 10_000) / 10_000;
              return of === undefined ? [] : [{ score: rounded, track: trackView(of) }];
            }),
          } satisfies SimilarTracks);
        } finally {
          searching--;
        }
      },
    },
  ];
}

function noLook(): AppError {
  const message =
    'it is not kept how this track looks: it was too short, or analyse.follow or analyse.snapshots of its camera is false';
  return new AppError('server/no-look', 'not-found', message);
}

function tooManySearches(): AppError {
  return new AppError(
    'server/too-many-searches',
    'unavailable',
    'too many searches are under way: ask again soon',
  );
}
