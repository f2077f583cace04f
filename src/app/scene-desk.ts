import { AppError, once, sleep, toAppError, type Clock, type Log } from '../base/index.js';
import { pulledModel } from '../catalogue/index.js';
import type { Config, Environment } from '../config/index.js';
import { lookInProcess } from '../scene/index.js';
import type { SceneView } from '../server/index.js';
import type { Camera } from './camera.js';

/** Wide enough for all networks that look at scenes, and quick to decode. */
const PICTURE_WIDTH_PX = 1280;

/** The part of a camera that is looked at. */
export type SceneCamera = Pick<Camera, 'view'> & { readonly snapshots: Pick<Camera['snapshots'], 'take'> };

/** What scenes are looked at with. */
export interface SceneDeskOptions {
  readonly cameras: ReadonlyMap<string, SceneCamera>;
  /** As in force now. */
  readonly config: () => Pick<Config, 'scene'>;
  readonly env: Environment;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a look is to be made of. */
export interface SceneWish {
  readonly pictures: number;
  readonly everyMs: number;
}

/** Looks at cameras' scenes when somebody asks, one at a time, and keeps what was seen last of each. */
export class SceneDesk {
  readonly #options: SceneDeskOptions;
  /** By the camera as it runs: begun anew, it may show something else. */
  readonly #last = new WeakMap<SceneCamera, SceneView>();
  readonly #closing = new AbortController();
  #underWay: Promise<unknown> | undefined;

  constructor(options: SceneDeskOptions) {
    this.#options = options;
  }

  /** What a camera was last seen to show where. */
  last(id: string): SceneView | undefined {
    const camera = this.#options.cameras.get(id);
    return camera && this.#last.get(camera);
  }

  /**
   * Takes pictures of a camera and looks at them in a process of its own; undefined when there is no such camera.
   * @throws {AppError} `scene/no-model`, `scene/model-unusable`, `scene/busy`, `live/*` when there is no picture; as `lookInProcess`
   */
  look(id: string, wish: SceneWish, gone: AbortSignal): Promise<SceneView> | undefined {
    const camera = this.#options.cameras.get(id);
    if (camera === undefined) return undefined;
    if (this.#underWay !== undefined) return Promise.reject(busy());
    const signal = AbortSignal.any([gone, this.#closing.signal]);
    const looking = this.#look(camera, wish, signal).finally(() => (this.#underWay = undefined));
    this.#underWay = looking.catch(() => undefined);
    return looking;
  }

  /** Ends what is under way, and waits for it. */
  readonly close = once(async () => {
    this.#closing.abort();
    await this.#underWay;
  });

  async #look(camera: SceneCamera, wish: SceneWish, signal: AbortSignal): Promise<SceneView> {
    const { clock } = this.#options;
    const modelPath = await this.#modelPath();
    const pictures = [await camera.snapshots.take(PICTURE_WIDTH_PX)];
    while (pictures.length < wish.pictures && !signal.aborted) {
      await sleep(clock, wish.everyMs, signal);
      pictures.push(await camera.snapshots.take(PICTURE_WIDTH_PX));
    }
    const lookedAt = new Date(clock.wallMs()).toISOString();
    const look = await lookInProcess({ modelPath, pictures }, { clock, signal }).catch(unusableModel);
    const { id, width = look.size.widthPx, height = look.size.heightPx } = camera.view();
    const { model, classes, proposals } = look;
    const view = { camera: id, lookedAt, model, pictures: look.pictures, width, height, classes, proposals };
    this.#last.set(camera, view);
    return view;
  }

  /** @throws {AppError} `scene/no-model`, `scene/model-unusable` */
  async #modelPath(): Promise<string> {
    const { config, env, log } = this.#options;
    const source = config().scene?.model;
    if (source === undefined) throw noModel();
    if ('path' in source) return source.path;
    return pulledModel(source.catalogueName, { task: 'scene', env, log }).catch(unusableModel);
  }
}

/** A model that cannot be used is nothing that the caller could have asked otherwise: it waits for whoever keeps the server. */
function unusableModel(error: unknown): never {
  const { code, message } = toAppError(error);
  if (!code.startsWith('model/')) throw error;
  throw new AppError('scene/model-unusable', 'unavailable', `scene.model cannot be used: ${message}`, {
    cause: error,
  });
}

function noModel(): AppError {
  return new AppError(
    'scene/no-model',
    'conflict',
    'no network is set that could look: give sightline.yaml a scene: { model: { name: NAME } } with a name of sightline models list --task scene, or { file: PATH } of an ONNX file',
  );
}

function busy(): AppError {
  return new AppError('scene/busy', 'unavailable', 'a scene is being looked at: ask again soon');
}
