import { z } from 'zod';
import { AppError } from '../base/index.js';
import { comparable } from '../reading/index.js';
import type { ServerDependencies } from './dependencies.js';
import { camera, camerasFor, definedOf, traits, trackViewFor, word } from './history-routes.js';
import type { TextSearch } from './protocol.js';
import { moment, readQuery, wholeNumber } from './query.js';
import { plainOf, type Redactions } from './redaction.js';
import type { Route } from './route.js';

/** Query of `GET search/text`. */
export const textSearchQuery = z.strictObject({
  text: word,
  distance: z
    .string()
    .regex(/^[0-2](\.[05])?$|^3(\.0)?$/, { error: 'give 0 to 3, in halves, such as 1.5' })
    .transform(Number)
    .default(1),
  camera: camera.optional(),
  label: word.optional(),
  ...traits,
  from: moment.optional(),
  to: moment.optional(),
  limit: wholeNumber(1, 100).default(20),
});

/** What is written on tracks. */
export function textRoutes({
  history,
  texts,
  ...redactions
}: Pick<ServerDependencies, 'history' | 'texts' | keyof Redactions>): Route[] {
  return [
    {
      path: '/api/v1/search/text',
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response, caller) => {
        const { camera: asked, from: fromMs, to: toMs, ...filters } = readQuery(request, textSearchQuery);
        const { text, distance, limit } = filters;
        if (comparable(text).length <= distance) throw tooShort(distance);
        const { found, isCut } = await texts.read('near', {
          ...definedOf(filters),
          ...definedOf({ fromMs, toMs }),
          ...camerasFor(caller, filters.colour === undefined ? asked : plainOf(redactions, caller, asked)),
          ...{ text, distance, limit },
        });
        const rows = await Promise.all(found.map(({ track }) => history.read('track', track)));
        // A track that was deleted meanwhile is left out.
        const told = rows.flatMap((row, at) =>
          row === undefined
            ? []
            : [{ distance: found[at]!.distance, track: trackViewFor(redactions, caller, row) }],
        );
        response.json({ texts: told, isCut } satisfies TextSearch);
      },
    },
  ];
}

function tooShort(distance: number): AppError {
  return new AppError(
    'server/bad-query',
    'input',
    `text: it needs more letters or digits than the distance of ${distance}: all texts would be near it`,
  );
}
