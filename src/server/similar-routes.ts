import { z } from 'zod';
import { maySee, type Caller } from '../access/index.js';
import { AppError } from '../base/index.js';
import type { Colour } from '../frames/index.js';
import { bytesOf, pictureSearchBody } from './classifier-bodies.js';
import type { ServerDependencies } from './dependencies.js';
import { camera, camerasFor, definedOf, noSuchTrack, traits, trackView, word } from './history-routes.js';
import { readBody } from './json-body.js';
import type { LookGroups, SimilarTracks } from './protocol.js';
import type { SimilarLook } from '../store/index.js';
import { flag, moment, readQuery, wholeNumber } from './query.js';
import { plainOf, requirePlain, type Redactions } from './redaction.js';
import type { Route } from './route.js';

const filters = {
  camera: camera.optional(),
  label: word.optional(),
  ...traits,
  from: moment.optional(),
  to: moment.optional(),
};
/** Query of `GET search/similar`. */
export const similarQuery = z.strictObject({
  track: word,
  ...filters,
  distinct: flag.optional(),
  limit: wholeNumber(1, 100).default(20),
});
/** Query of `GET search/groups`. */
export const groupsQuery = z.strictObject({
  ...filters,
  likeness: z
    .string()
    .regex(/^(0(\.\d{1,3})?|1(\.0{1,3})?)$/, { error: 'give a number from 0 to 1, such as 0.8' })
    .transform(Number)
    .default(0.8),
  limit: wholeNumber(1, 100).default(20),
});

interface Filters {
  readonly camera?: readonly string[] | undefined;
  readonly label?: string | undefined;
  readonly zone?: string | undefined;
  readonly colour?: Colour | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Searches under way at once; more are refused. */
const AT_ONCE_MAX = 2;
/** Tracks of a group that are told. */
const TOLD_OF_GROUP_MAX = 50;

/** Which tracks look alike. */
export function similarRoutes({
  history,
  looks,
  similarity,
  classifiers,
  ...redactions
}: Pick<ServerDependencies, 'history' | 'looks' | 'similarity' | 'classifiers' | keyof Redactions>): Route[] {
  let searching = 0;
  /** Who sees people covered does not find them again by how they look either. */
  function filterOf(caller: Caller, { camera: asked, from, to, ...rest }: Filters) {
    return {
      ...camerasFor(caller, plainOf(redactions, caller, asked)),
      ...definedOf({ ...rest, fromMs: from, toMs: to }),
    };
  }
  async function inTurn<T>(search: () => Promise<T>): Promise<T> {
    if (searching >= AT_ONCE_MAX) throw tooManySearches();
    searching++;
    try {
      return await search();
    } finally {
      searching--;
    }
  }
  /** A look whose track is not stored, or was deleted meanwhile, is left out. */
  async function withTracks(found: readonly SimilarLook[]) {
    const rows = await Promise.all(found.map(({ track }) => history.read('track', track)));
    return found.flatMap(({ score: exact, others }, at) => {
      const row = rows[at];
      const score = Math.round(exact * 10_000) / 10_000;
      return row === undefined
        ? []
        : [{ score, ...(others !== undefined && { others }), track: trackView(row) }];
    });
  }
  async function similarTo(
    like: { readonly track: string; readonly model: string; readonly embedding: Float32Array },
    filter: ReturnType<typeof filterOf>,
    page: { readonly limit: number; readonly isDistinct: boolean },
  ): Promise<SimilarTracks> {
    const found = await similarity.read('nearest', { like, ...filter, ...page });
    return { model: like.model, similar: await withTracks(found) };
  }

  return [
    {
      path: '/api/v1/search/similar',
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response, caller) => {
        const { track, limit, distinct: isDistinct = false, ...asked } = readQuery(request, similarQuery);
        const row = await history.read('track', track);
        if (row === undefined || !maySee(caller, row.camera)) throw noSuchTrack();
        requirePlain(redactions, caller, row.camera);
        const like = await looks.read('one', row.mergedInto ?? row.id);
        if (like === undefined) throw noLook();
        response.json(await inTurn(() => similarTo(like, filterOf(caller, asked), { limit, isDistinct })));
      },
    },
    {
      method: 'POST',
      path: '/api/v1/search/similar',
      permission: 'events',
      filtersCameras: true,
      audit: 'picture.search',
      answer: async (request, response, caller) => {
        const { picture, box, limit, distinct, from, to, ...asked } = readBody(request, pictureSearchBody);
        const filter = filterOf(caller, { ...asked, from: momentOf(from), to: momentOf(to) });
        const found = await inTurn(async () => {
          const seen = await classifiers.pictures.ask('embed', bytesOf(picture), box);
          return similarTo({ track: '', ...seen }, filter, { limit, isDistinct: distinct });
        });
        response.json(found);
      },
    },
    {
      path: '/api/v1/search/groups',
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response, caller) => {
        const { likeness, limit, ...asked } = readQuery(request, groupsQuery);
        const { looked, isCut, groups } = await inTurn(() =>
          similarity.read('groups', filterOf(caller, asked), likeness),
        );
        const told = await Promise.all(
          groups.slice(0, limit).map(async ({ tracks }) => ({
            count: tracks.length,
            tracks: await withTracks(tracks.slice(0, TOLD_OF_GROUP_MAX)),
          })),
        );
        response.json({ looked, isCut, groups: told } satisfies LookGroups);
      },
    },
  ];
}

const momentOf = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));

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
