import { AppError, createLog, type Log } from '../base/index.js';
import { modelPlaces, presenceOf, readCatalogue, resolveModel } from '../catalogue/index.js';
import type { Environment } from '../config/index.js';
import { lookAtScene, type SceneLook, type ScenePicture } from '../scene/index.js';
import type { CliIo } from './cli-io.js';
import { drawZones } from './scene-drawing.js';
import { scenePictures } from './scene-pictures.js';
import { table } from './table.js';

const PICTURES = 12;

/** The flags of `sightline scene`. */
export interface SceneFlags {
  readonly model?: string;
  readonly pictures?: number;
  readonly out?: string;
  readonly json?: true;
  readonly ffmpegPath?: string;
  readonly env: Environment;
}

/**
 * `sightline scene`: looks at pictures of one camera, and tells and draws the zones that it proposes.
 * @throws {AppError} `scene/no-model`, `scene/bad-picture`, `cli/unwritable-file`, `cli/bad-picture`, `model/*`, or for a video that cannot be
 *   decoded
 */
export async function scene(source: string, flags: SceneFlags, { stdout }: CliIo): Promise<void> {
  const { env, model, pictures = PICTURES, out, json } = flags;
  const log = createLog('warn');
  const modelPath = await (model === undefined ? sceneModelHere(env, log) : resolveModel(model, { task: 'scene', env, log })); // prettier-ignore
  let last: ScenePicture | undefined;
  async function* seen() {
    for await (const picture of scenePictures(source, { ...flags, countMax: pictures }))
      yield (last = picture);
  }
  const look = await lookAtScene(modelPath, seen());
  if (out !== undefined) await drawZones(last!, look.proposals, out);
  stdout.write(json === true ? `${JSON.stringify(told(source, look), null, 2)}\n` : tableOf(look));
}

/** @throws {AppError} `scene/no-model` */
async function sceneModelHere(env: Environment, log: Log): Promise<string> {
  for (const entry of (await readCatalogue()).values()) {
    if (entry.task !== 'scene') continue;
    const { presence } = await presenceOf(entry, modelPlaces(env));
    if (presence === 'yes') return resolveModel(entry.name, { task: 'scene', env, log });
  }
  throw new AppError(
    'scene/no-model',
    'conflict',
    'no network that segments scenes is on this machine: put one of sightline models list --task scene into SIGHTLINE_MODEL_DIR, or name a file with --model',
  );
}

function told(source: string, { size, networkMs, ...look }: SceneLook) {
  const { widthPx: width, heightPx: height } = size;
  return { source, width, height, ...look, networkMs: Math.round(networkMs * 10) / 10 };
}

function tableOf({ classes, proposals, pictures, model, networkMs }: SceneLook): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const shares = classes.filter(({ share }) => share > 0);
  return [
    `${pictures} pictures, ${model}, ${networkMs.toFixed(0)} ms each\n`,
    `${shares.map((one) => `${one.class} ${percent(one.share)}`).join(', ') || 'nothing that it knows'}\n\n`,
    table([
      ['zone', 'of the picture', 'confidence', 'corners'],
      ...proposals.map((zone) => [
        zone.class,
        percent(zone.share),
        zone.confidence.toFixed(2),
        zone.polygon.map(([x, y]) => `[${x}, ${y}]`).join(' '),
      ]),
    ]),
  ].join('');
}
