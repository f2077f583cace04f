import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { maySee, type Caller } from '../access/index.js';
import { AppError } from '../base/index.js';
import type { Box } from '../geometry/index.js';
import type { Picture, PictureOwner } from '../store/index.js';
import type { CameraRedaction, ServerDependencies } from './dependencies.js';
import { noSuchEvent, noSuchTrack } from './history-routes.js';
import { flag, readQuery } from './query.js';
import { isPlain, pictureFor } from './redaction.js';
import type { Route } from './route.js';

/** Query of `GET events/:id/snapshot.jpg` and `GET tracks/:id/snapshot.jpg`. */
export const keptSnapshotQuery = z.strictObject({ boxes: flag.optional() });

/** Pictures that are drawn on at once: each is decoded and encoded anew. */
const DRAWING_MAX = 4;
const LINE = '#ffcc00';
const JPEG_QUALITY = 88;

interface Asked {
  readonly owner: PictureOwner;
  /** Of the object that its box is around; absent where who made an event may have changed since its picture: then all boxes are covered. */
  readonly label?: string;
  readonly areDrawn: boolean;
  readonly caller: Caller;
}

/** Stored pictures of events and tracks. */
export function snapshotRoutes({ history, pictures, ...redactions }: ServerDependencies): Route[] {
  let drawing = 0;
  async function draw(picture: Picture & { readonly jpeg: Uint8Array }): Promise<Uint8Array> {
    if (picture.boxes.length === 0) return picture.jpeg;
    if (drawing >= DRAWING_MAX) throw tooManyPictures();
    drawing++;
    try {
      return await withBoxes(picture);
    } finally {
      drawing--;
    }
  }
  async function answer({ owner, label, areDrawn, caller }: Asked, request: Request, response: Response) {
    const picture = await pictures.read('one', owner);
    if (picture === undefined) throw noSnapshot();
    const { jpeg: plain, seenMs, camera } = picture;
    if (plain === undefined) throw snapshotGone();
    const covered = isPlain(redactions, caller, camera) ? undefined : redactions.redaction(camera);
    // Who lost the right to see it must not find it in a cache: it is asked for each time, and mostly answered by 304.
    const version = [seenMs, plain.length, areDrawn, ...(covered === undefined ? [] : [tagOf(covered)])];
    response.set({ 'Cache-Control': 'private, no-cache', ETag: `"${version.join('-')}"` });
    if (request.fresh) return void response.status(304).end();
    const isKnown = covered !== undefined && (label === undefined || covered.labels.includes(label));
    const known = isKnown ? sharesOf(picture) : [];
    const jpeg = await pictureFor(redactions, caller, { camera, jpeg: Buffer.from(plain), known });
    response.type('image/jpeg').send(Buffer.from(areDrawn ? await draw({ ...picture, jpeg }) : jpeg));
  }

  return [
    {
      path: '/api/v1/events/:id/snapshot.jpg',
      permission: 'recordings',
      filtersCameras: true,
      pictures: 'redactable',
      audit: 'picture.view',
      answer: async (request, response, caller) => {
        const row = await history.read('event', String(request.params['id']));
        if (row === undefined || !maySee(caller, row.camera)) throw noSuchEvent();
        const { boxes = true } = readQuery(request, keptSnapshotQuery);
        const asked = { owner: { kind: 'event', id: row.id }, areDrawn: boxes, caller } as const;
        await answer(asked, request, response);
      },
    },
    {
      path: '/api/v1/tracks/:id/snapshot.jpg',
      permission: 'recordings',
      filtersCameras: true,
      pictures: 'redactable',
      audit: 'picture.view',
      answer: async (request, response, caller) => {
        const row = await history.read('track', String(request.params['id']));
        if (row === undefined || !maySee(caller, row.camera)) throw noSuchTrack();
        const { boxes = false } = readQuery(request, keptSnapshotQuery);
        // A track that turned out to be another has that one's picture.
        const merged = row.mergedInto === undefined ? undefined : await history.read('track', row.mergedInto);
        const { id, label } = merged ?? row;
        const owner = { kind: 'track', id } as const;
        await answer({ owner, label, areDrawn: boxes, caller }, request, response);
      },
    },
  ];
}

/** The boxes of a picture, as shares of it. */
function sharesOf({ shows: [left, top, right, bottom], boxes }: Picture): Box[] {
  const [width, height] = [right - left, bottom - top];
  return boxes.map(([x1, y1, x2, y2]) => [
    (x1 - left) / width,
    (y1 - top) / height,
    (x2 - left) / width,
    (y2 - top) / height,
  ]);
}

/** What is covered otherwise is another picture. */
function tagOf({ labels, fill, shape }: CameraRedaction): string {
  return createHash('sha256')
    .update(JSON.stringify([labels, fill, shape]))
    .digest('hex')
    .slice(0, 8);
}

async function withBoxes({ jpeg, shows, boxes }: Picture & { readonly jpeg: Uint8Array }): Promise<Buffer> {
  // A server is ready sooner without it.
  const { default: sharp } = await import('sharp');
  const picture = sharp(jpeg);
  const { width, height } = await picture.metadata();
  const [left, top, right, bottom] = shows;
  const [x, y] = [width / (right - left), height / (bottom - top)];
  const strokePx = Math.max(2, Math.round(width / 400));
  const drawn = boxes.map(
    ([x1, y1, x2, y2]) =>
      `<rect x="${(x1 - left) * x}" y="${(y1 - top) * y}" width="${(x2 - x1) * x}" height="${(y2 - y1) * y}" fill="none" stroke="${LINE}" stroke-width="${strokePx}"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn.join('')}</svg>`;
  return (
    picture
      .composite([{ input: Buffer.from(svg) }])
      // Thin lines would lose their colour with half the resolution.
      .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' })
      .toBuffer()
  );
}

function noSnapshot(): AppError {
  const message =
    'no picture of it is kept: it has only begun, nobody saw it, or analyse.snapshots of its camera is false';
  return new AppError('server/no-snapshot', 'not-found', message);
}

function snapshotGone(): AppError {
  const message =
    'the picture was deleted, as pictures took more than data.snapshotsGb: allow more, or mark events that are to stay';
  return new AppError('server/snapshot-gone', 'not-found', message);
}

function tooManyPictures(): AppError {
  const message = 'too many pictures are being drawn on: ask again soon, or with boxes=false';
  return new AppError('server/too-many-pictures', 'unavailable', message);
}
