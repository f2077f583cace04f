import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { maySee } from '../access/index.js';
import { AppError, messageOf } from '../base/index.js';
import type { ClipSource, RecordingCursor, ServerDependencies } from './dependencies.js';
import { noSuchEvent } from './history-routes.js';
import type { MarkResult, RecordingPage } from './protocol.js';
import { isCoveredFor } from './redaction.js';
import { cameraId, flag, moment, readQuery, wholeNumber } from './query.js';
import type { Route } from './route.js';

const CURSOR = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})$/;
const DAY_MS = 24 * 3600_000;
const LIST_MS_MAX = 366 * DAY_MS;
const LIMIT_DEFAULT = 500;
const LIMIT_MAX = 5000;
const CLIP_MS_MAX = 3600_000;
const EXACT_MS_MAX = 600_000;
/** Of a clip in which people are covered: each of its pictures is looked at anew. */
const COVERED_MS_MAX = 60_000;
/** So many clips are sent at once; more are refused. */
const CLIPS_AT_ONCE_MAX = 64;
/** Of an event's clip, before it began and after it ended. */
const AROUND_MS = 5000;
/** Ranges of a clip that its headers name. */
const RANGES_TOLD_MAX = 50;

const cursor = z.string().transform((text, context): RecordingCursor => {
  const match = CURSOR.exec(text);
  if (match !== null) return { startMs: Number(match[1]), id: Number(match[2]), endMs: Number(match[3]) };
  context.addIssue({ code: 'custom', message: 'take it from the answer before, as it is' });
  return z.NEVER;
});

/** Query of `GET recordings`. */
export const recordingQuery = z.strictObject({
  camera: cameraId,
  from: moment.optional(),
  to: moment.optional(),
  limit: wholeNumber(1, LIMIT_MAX).default(LIMIT_DEFAULT),
  cursor: cursor.optional(),
});
/** Query of `GET recordings/:camera/clip.mp4`. */
export const clipQuery = z.strictObject({ from: moment, to: moment, exact: flag.default(false) });
/** Query of `GET events/:id/clip.mp4`. */
export const eventClipQuery = clipQuery.pick({ exact: true });
/** Query of `recordings/:camera/mark`. */
export const recordingMarkQuery = clipQuery.omit({ exact: true });

interface Time {
  readonly fromMs: number;
  readonly toMs: number;
}

interface WantedClip {
  readonly camera: string;
  readonly time: Time;
  readonly isExact: boolean;
  /** No more than its first minute is given then, and `isExact` without meaning. */
  readonly isCovered: boolean;
}

/** What is recorded, and clips of it. */
export function recordingRoutes(dependencies: ServerDependencies): Route[] {
  let clipsOpen = 0;
  const clipOf = ({ camera, time, isExact, isCovered }: WantedClip) => {
    if (!isCovered) return dependencies.recordings.clip(camera, time, isExact);
    const toMs = Math.min(time.toMs, time.fromMs + COVERED_MS_MAX);
    return dependencies.coveredClip(camera, { fromMs: time.fromMs, toMs });
  };
  const answerClip = async (wanted: WantedClip, request: Request, response: Response) => {
    const { camera, time } = wanted;
    if (clipsOpen >= CLIPS_AT_ONCE_MAX) throw tooManyClips();
    clipsOpen++;
    try {
      const clip = await clipOf(wanted);
      const name = `${camera}-${fileTime(clip.ranges[0]?.fromMs ?? time.fromMs)}.mp4`;
      await send(clip, name, request, response);
    } catch (error) {
      // Behind the head of the answer there is no room for an error: the caller sees that bytes are missing.
      if (!response.headersSent) throw error;
      dependencies.log.debug({ camera, cause: messageOf(error) }, 'a clip was not sent to its end');
      response.destroy();
    } finally {
      clipsOpen--;
    }
  };
  return [
    {
      path: '/api/v1/recordings',
      permission: 'recordings',
      cameraOf: ({ query }) => (typeof query['camera'] === 'string' ? query['camera'] : ''),
      answer: async (request, response) => {
        const { camera, from, to, limit, cursor: after } = readQuery(request, recordingQuery);
        const nowMs = dependencies.clock.wallMs();
        const time = timeOf(from ?? nowMs - DAY_MS, to ?? nowMs, LIST_MS_MAX);
        const wanted = { camera, ...time, limit, ...(after === undefined ? {} : { after }) };
        response.json(await pageOf(dependencies, wanted));
      },
    },
    {
      path: '/api/v1/recordings/:camera/clip.mp4',
      permission: 'recordings',
      cameraOf: cameraParameter,
      pictures: 'redactable',
      audit: 'recording.view',
      answer: (request, response, caller) => {
        const camera = cameraOf(request.params['camera']);
        const isCovered = isCoveredFor(dependencies, caller, camera);
        const { from, to, exact: isExact } = readQuery(request, clipQuery);
        const time = timeOf(from, to, isExact ? EXACT_MS_MAX : CLIP_MS_MAX);
        return answerClip({ camera, time, isExact, isCovered }, request, response);
      },
    },
    {
      path: '/api/v1/events/:id/clip.mp4',
      permission: 'recordings',
      filtersCameras: true,
      pictures: 'redactable',
      audit: 'recording.view',
      answer: async (request, response, caller) => {
        const row = await dependencies.history.read('event', String(request.params['id']));
        if (row === undefined || !maySee(caller, row.camera)) throw noSuchEvent();
        const isCovered = isCoveredFor(dependencies, caller, row.camera);
        const { exact: isExact } = readQuery(request, eventClipQuery);
        const endedMs = row.endedMs ?? dependencies.clock.wallMs();
        const fromMs = row.startedMs - AROUND_MS;
        const toMs = Math.min(endedMs + AROUND_MS, fromMs + (isExact ? EXACT_MS_MAX : CLIP_MS_MAX));
        await answerClip(
          { camera: row.camera, time: { fromMs, toMs }, isExact, isCovered },
          request,
          response,
        );
      },
    },
    ...(['PUT', 'DELETE'] as const).map((method): Route => ({
      method,
      path: '/api/v1/recordings/:camera/mark',
      permission: 'control',
      cameraOf: cameraParameter,
      audit: method === 'PUT' ? 'recording.mark' : 'recording.unmark',
      answer: async (request, response) => {
        const camera = cameraOf(request.params['camera']);
        const { from, to } = readQuery(request, recordingMarkQuery);
        const time = timeOf(from, to, LIST_MS_MAX);
        const segments = await dependencies.recordings.mark(camera, time, method === 'PUT');
        response.json({ segments } satisfies MarkResult);
      },
    })),
  ];
}

async function pageOf(
  { recordings }: ServerDependencies,
  query: Parameters<ServerDependencies['recordings']['list']>[0],
): Promise<RecordingPage> {
  const { segments, gaps, next } = await recordings.list(query);
  return {
    recordings: segments.map((segment) => ({
      camera: segment.camera,
      from: isoTime(segment.startMs),
      to: isoTime(segment.endMs),
      severity: segment.severity,
      marked: segment.isMarked ?? false,
      codec: segment.codec,
      width: segment.widthPx,
      height: segment.heightPx,
      frames: segment.frames,
      bytes: segment.bytes,
      tier: segment.tier,
      epoch: segment.epoch,
      ...(segment.id === undefined ? { open: true as const } : {}),
    })),
    gaps: gaps.map(({ fromMs, toMs, reason }) => ({ from: isoTime(fromMs), to: isoTime(toMs), reason })),
    ...(next === undefined ? {} : { next: `${next.startMs}.${next.id}.${next.endMs}` }),
  };
}

/** Sends a clip or the part of it that is asked for (RFC 9110, 14.2). */
async function send(clip: ClipSource, name: string, request: Request, response: Response): Promise<void> {
  const { bytes, ranges } = clip;
  const etag = `"${clip.etag}"`;
  const told = ranges.slice(0, RANGES_TOLD_MAX);
  response.set({
    'Content-Type': 'video/mp4',
    'Content-Disposition': `inline; filename="${name}"`,
    'Accept-Ranges': 'bytes',
    ETag: etag,
    'Sightline-Clip-From': isoTime(ranges[0]?.fromMs ?? 0),
    'Sightline-Clip-To': isoTime(ranges.at(-1)?.toMs ?? 0),
    'Sightline-Clip-Ranges': told.map(({ fromMs, toMs }) => `${isoTime(fromMs)}/${isoTime(toMs)}`).join(', '),
  });
  const ifRange = request.headers['if-range'];
  const asked = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
  const range = asked === undefined ? undefined : rangeOf(asked, bytes);
  if (range === 'outside') {
    response.set('Content-Range', `bytes */${bytes}`);
    throw new AppError('server/range-outside', 'input', `the clip has ${bytes} bytes: ask for some of them`);
  }
  const [start, end] = range ?? [0, bytes];
  if (range !== undefined) response.status(206).set('Content-Range', `bytes ${start}-${end - 1}/${bytes}`);
  response.set('Content-Length', String(end - start));
  if (request.method === 'HEAD') return void response.end();
  await pipeline(Readable.from(clip.read(start, end), { objectMode: true, highWaterMark: 1 }), response);
}

/** One range of bytes; undefined for what we do not understand, which is then ignored. */
function rangeOf(header: string, bytes: number): [start: number, end: number] | 'outside' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  return start >= bytes || end <= start ? 'outside' : [start, end];
}

const cameraParameter = (request: Request) => String(request.params['camera']);

function cameraOf(value: unknown): string {
  if (typeof value === 'string' && cameraId.safeParse(value).success) return value;
  throw badQuery('camera must be given once, as the id of a camera');
}

function timeOf(fromMs: number, toMs: number, longestMs: number): Time {
  if (toMs <= fromMs) throw badQuery('to must be later than from');
  if (toMs - fromMs > longestMs)
    throw badQuery(`from and to may be ${longestMs / 1000} s apart at most: ask for a part of it`);
  return { fromMs, toMs };
}

function badQuery(message: string): AppError {
  return new AppError('server/bad-query', 'input', message);
}

function tooManyClips(): AppError {
  const message = `${CLIPS_AT_ONCE_MAX} clips are being sent already: wait for some, or ask again later`;
  return new AppError('server/too-many-clips', 'unavailable', message);
}

const isoTime = (ms: number) => new Date(ms).toISOString();
const fileTime = (ms: number) => isoTime(ms).replaceAll(':', '').slice(0, 17);
