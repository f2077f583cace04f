import { z } from 'zod';
import { maySee, type Caller } from '../access/index.js';
import { AppError } from '../base/index.js';
import { decodePath } from '../events/index.js';
import { COLOURS } from '../frames/index.js';
import type { EventReview, EventRow, TrackRow, TrackTextRow } from '../store/index.js';
import type { ServerDependencies } from './dependencies.js';
import { answerTagged, checkIfMatch } from './etag.js';
import { readBody } from './json-body.js';
import type { EventPage, EventView, TrackPage, TrackPathView, TrackView } from './protocol.js';
import { cameraId, cursorText, flag, listOf, pageKeys, readQuery } from './query.js';
import { isPlain, plainOf, type Redactions } from './redaction.js';
import type { Route } from './route.js';

/** A name, label or id. */
export const word = z.string().min(1).max(200);
/** Ids of cameras. */
export const camera = listOf(z.union([z.literal('*'), cameraId], { error: 'it is no camera id' }));

const verdict = z.enum(['true', 'false alarm']);

/** What tracks are searched by, besides their labels. */
export const traits = { zone: word.optional(), colour: z.enum(COLOURS).optional() };

/** Query of `GET tracks`. */
export const trackQuery = z.strictObject({
  camera: camera.optional(),
  label: word.optional(),
  text: word.optional(),
  ...traits,
  ...pageKeys,
});
/** Query of `GET events`. */
export const eventQuery = z.strictObject({
  camera: camera.optional(),
  rule: word.optional(),
  type: word.optional(),
  label: word.optional(),
  zone: word.optional(),
  severity: z.enum(['info', 'warning', 'alert']).optional(),
  marked: flag.optional(),
  verdict: verdict.optional(),
  ...pageKeys,
});
const COMMENT_MAX = 2000;
const GONE = 'it was never there, or is older than what is kept';

/** Body of `PUT events/:id/mark`. */
export const markBody = z.strictObject({ marked: z.boolean() });

/** Body of `PUT events/:id/verdict`; without either, what was said is taken back. */
export const verdictBody = z.strictObject({
  verdict: verdict.nullable().optional().describe('null, or absent: only a comment'),
  comment: z.string().trim().max(COMMENT_MAX).optional().describe('Plain text'),
});

/** Events and tracks of before. */
export function historyRoutes({
  history,
  clock,
  ...redactions
}: Pick<ServerDependencies, 'history' | 'clock' | keyof Redactions>): Route[] {
  async function eventFor(caller: Caller, id: string): Promise<EventRow> {
    const row = await history.read('event', id);
    if (row === undefined || !maySee(caller, row.camera)) throw noSuchEvent();
    return row;
  }
  async function trackFor(caller: Caller, id: string): Promise<TrackRow> {
    const row = await history.read('track', id);
    if (row === undefined || !maySee(caller, row.camera)) throw noSuchTrack();
    return row;
  }

  return [
    {
      path: '/api/v1/events',
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response, caller) => {
        const { camera: asked, marked, from, to, cursor, limit, ...filters } = readQuery(request, eventQuery);
        const { rows, next } = await history.read('events', {
          ...definedOf(filters),
          ...camerasFor(caller, asked),
          ...rangeOf({ from, to, cursor }),
          ...(marked !== undefined && { isMarked: marked }),
          limit,
        });
        response.json({
          events: rows.map(eventView),
          ...(next !== undefined && { next: cursorText(next) }),
        } satisfies EventPage);
      },
    },
    {
      path: '/api/v1/events/:id',
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response, caller) =>
        answerTagged(response, eventView(await eventFor(caller, String(request.params['id'])))),
    },
    {
      method: 'PUT',
      path: '/api/v1/events/:id/mark',
      permission: 'control',
      filtersCameras: true,
      audit: 'event.mark',
      answer: async (request, response, caller) => {
        const { marked } = readBody(request, markBody);
        const before = await eventFor(caller, String(request.params['id']));
        checkIfMatch(request, eventView(before));
        await history.write('mark', before.id, marked);
        answerTagged(response, eventView(await eventFor(caller, before.id)));
      },
    },
    {
      method: 'PUT',
      path: '/api/v1/events/:id/verdict',
      permission: 'control',
      filtersCameras: true,
      audit: 'event.verdict',
      answer: async (request, response, caller) => {
        const { verdict: given, comment } = readBody(request, verdictBody);
        const before = await eventFor(caller, String(request.params['id']));
        checkIfMatch(request, eventView(before));
        const said = { ...(given && { verdict: given }), ...(comment && { comment }) };
        const review = { ...said, by: caller.name, atMs: clock.wallMs() } satisfies EventReview;
        await history.write('review', before.id, Object.keys(said).length > 0 ? review : undefined);
        answerTagged(response, eventView(await eventFor(caller, before.id)));
      },
    },
    {
      path: '/api/v1/tracks',
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response, caller) => {
        const { camera: asked, from, to, cursor, limit, ...filters } = readQuery(request, trackQuery);
        const { rows, next } = await history.read('tracks', {
          ...definedOf(filters),
          ...camerasFor(caller, filters.colour === undefined ? asked : plainOf(redactions, caller, asked)),
          ...rangeOf({ from, to, cursor }),
          limit,
        });
        response.json({
          tracks: rows.map((row) => trackViewFor(redactions, caller, row)),
          ...(next !== undefined && { next: cursorText(next) }),
        } satisfies TrackPage);
      },
    },
    {
      path: '/api/v1/tracks/:id',
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response, caller) =>
        void response.json(
          trackViewFor(redactions, caller, await trackFor(caller, String(request.params['id']))),
        ),
    },
    {
      path: '/api/v1/tracks/:id/path',
      permission: 'events',
      filtersCameras: true,
      answer: async (request, response, caller) => {
        const { id, message } = await trackFor(caller, String(request.params['id']));
        const [path] = await history.read('paths', [id]);
        if (path === undefined)
          throw new AppError(
            'server/no-path',
            'not-found',
            'no path of this track is kept: it is still under way, or the server died meanwhile',
          );
        const { width, height } = message.frame;
        const points = decodePath(path, { widthPx: width, heightPx: height });
        response.json({
          frame: message.frame,
          points: points.map(({ timeMs, box }) => [timeMs, ...box.map((side) => Number(side.toFixed(1)))]),
        } satisfies TrackPathView);
      },
    },
  ];
}

/** The same, without the keys that are undefined. */
export function definedOf<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** What is asked for and may be seen: all, where nothing is said of either. */
export function camerasFor({ cameras: granted }: Caller, asked: readonly string[] | undefined) {
  if (granted === '*') return asked === undefined ? {} : { cameras: asked };
  return { cameras: (asked ?? [...granted]).filter((id) => granted.has(id)) };
}

function rangeOf({ from, to, cursor }: Pick<z.output<typeof eventQuery>, 'from' | 'to' | 'cursor'>) {
  return {
    ...(from !== undefined && { fromMs: from }),
    ...(to !== undefined && { toMs: to }),
    ...(cursor !== undefined && { after: cursor }),
  };
}

function eventView({ seq, camera: of, isMarked, review, message }: EventRow): EventView {
  const { event, frame, model } = message;
  return {
    seq,
    camera: of,
    marked: isMarked,
    ...(review !== undefined && { review: reviewView(review) }),
    event,
    ...(frame !== undefined && { frame }),
    ...(model !== undefined && { model }),
  };
}

function reviewView({ atMs, ...said }: EventReview): NonNullable<EventView['review']> {
  return { ...said, at: new Date(atMs).toISOString() };
}

/** A track as a caller may know it: who sees people covered does not learn the colour of their clothes either. */
export function trackViewFor(
  redactions: Pick<Redactions, 'redaction'>,
  caller: Caller,
  row: TrackRow,
): TrackView {
  const view = trackView(row);
  if (isPlain(redactions, caller, row.camera)) return view;
  const { colour: _colour, ...covered } = view;
  return covered;
}

/** A track as it is told to who sees the pictures of its camera as they are. */
export function trackView({
  seq,
  id,
  camera: of,
  label,
  startedMs,
  endedMs,
  mergedInto,
  firstBox,
  message,
  hasPath,
  classes,
  text,
  zones,
  colour,
}: TrackRow): TrackView {
  const { track, frame, model } = message;
  return {
    seq,
    id,
    camera: of,
    label,
    score: track.score,
    startedAt: new Date(startedMs).toISOString(),
    ...(endedMs !== undefined && { endedAt: new Date(endedMs).toISOString() }),
    ...(mergedInto !== undefined && { mergedInto }),
    frame,
    firstBox,
    lastBox: track.box,
    hasPath,
    model,
    ...(classes.length > 0 && { classes }),
    ...(text !== undefined && { text: textView(text) }),
    ...(zones.length > 0 && { zones }),
    ...(colour !== undefined && { colour }),
  };
}

function textView({ toldMs, ...text }: TrackTextRow): NonNullable<TrackView['text']> {
  return { ...text, readAt: new Date(toldMs).toISOString() };
}

/** The answer for an event that is not there, or may not be seen. */
export function noSuchEvent(): AppError {
  return new AppError('server/no-such-event', 'not-found', `there is no event of this id: ${GONE}`);
}

/** The answer for a track that is not there, or may not be seen. */
export function noSuchTrack(): AppError {
  return new AppError('server/no-such-track', 'not-found', `there is no track of this id: ${GONE}`);
}
