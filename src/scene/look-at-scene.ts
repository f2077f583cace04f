import sharp from 'sharp';
import { AppError, messageOf, systemClock } from '../base/index.js';
import type { Size } from '../geometry/index.js';
import { loadSceneNetwork } from '../inference/index.js';
import type { SceneMap } from '../models/index.js';
import { mergeMaps } from './merge-maps.js';
import { classShares, proposeZones, type ZoneProposal } from './propose-zones.js';

/** Pictures of more pixels are refused: decoding them takes memory that nobody has for them. */
const PIXELS_MAX = 50_000_000;

/** A picture: a file's bytes as they are (JPEG, PNG, WebP), or RGB, three bytes a pixel, where its size is given. */
export interface ScenePicture {
  readonly bytes: Uint8Array;
  readonly size?: Size;
}

/** What pictures of one camera show together. */
export interface SceneLook {
  /** `name@sha256:…` */
  readonly model: string;
  /** So many were merged. */
  readonly pictures: number;
  /** Of the last picture. */
  readonly size: Size;
  readonly classes: readonly { readonly class: string; readonly share: number }[];
  readonly proposals: readonly ZoneProposal[];
  /** Of the network alone, ms a picture. */
  readonly networkMs: number;
}

/**
 * Looks at pictures of one camera, and proposes zones. Blocks the thread that calls for as long: control asks a process of its own.
 * @throws {AppError} `model/*`, naming the file; `scene/bad-picture`; `inference/failed`
 */
export async function lookAtScene(
  modelPath: string,
  pictures: AsyncIterable<ScenePicture> | Iterable<ScenePicture>,
): Promise<SceneLook> {
  const network = await (await loadSceneNetwork()).open(modelPath);
  try {
    const maps: SceneMap[] = [];
    let size: Size | undefined;
    let spentMs = 0;
    for await (const picture of pictures) {
      size = picture.size ?? (await sizeOf(picture.bytes));
      const input = network.sizeFor(size);
      const rgb = await stretched(picture, input);
      const startedMs = systemClock.monotonicMs();
      maps.push(await network.look(rgb, input));
      spentMs += systemClock.monotonicMs() - startedMs;
    }
    if (size === undefined) throw badPicture('there is none');
    const { map, count } = mergeMaps(maps);
    return {
      model: network.version,
      pictures: count,
      size,
      classes: classShares(map),
      proposals: proposeZones(map),
      networkMs: spentMs / maps.length,
    };
  } finally {
    await network.close();
  }
}

/** As it is seen: turned as its EXIF data say. */
async function sizeOf(bytes: Uint8Array): Promise<Size> {
  const { width, height, autoOrient } = await sharp(bytes, { limitInputPixels: PIXELS_MAX })
    .metadata()
    .catch((error: unknown) => {
      throw badPicture(messageOf(error));
    });
  return { widthPx: autoOrient.width ?? width, heightPx: autoOrient.height ?? height };
}

async function stretched({ bytes, size }: ScenePicture, to: Size): Promise<Uint8Array> {
  const raw = size && { width: size.widthPx, height: size.heightPx, channels: 3 as const };
  try {
    const { data, info } = await sharp(bytes, {
      ...(raw !== undefined && { raw }),
      limitInputPixels: PIXELS_MAX,
      failOn: 'error',
    })
      .rotate()
      .flatten()
      .toColourspace('srgb')
      .resize(to.widthPx, to.heightPx, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`it has ${info.channels} channels`);
    return data;
  } catch (error) {
    throw badPicture(messageOf(error));
  }
}

function badPicture(why: string): AppError {
  return new AppError(
    'scene/bad-picture',
    'input',
    `the picture cannot be read (${why}): give a JPEG, PNG or WebP of at most ${PIXELS_MAX / 1e6} megapixels`,
  );
}
