import { AppError } from '../../base/index.js';
import type { Size } from '../../geometry/index.js';
import type { ModelDescription, TensorDescription } from '../check-model.js';
import type { PerChannel } from '../detector-spec.js';
import { inputSize } from '../families/detector-family.js';
import { IMAGENET } from '../families/pictures.js';
import { isFixed } from '../families/shapes.js';
import { ADE20K, CITYSCAPES, ROAD, VOC, type SceneClassSet } from './class-sets.js';

/** In which order a tensor has its dimensions. */
export type SceneLayout = 'nhwc' | 'nchw';

/** A network that says what each pixel of a picture shows: semantic segmentation. Plain data. */
export interface SceneModel {
  readonly family: 'road-segmentation' | 'deeplab-v3' | 'imagenet';
  readonly order: 'rgb' | 'bgr';
  /** It wants `(byte - mean) / std`. */
  readonly mean: PerChannel;
  readonly std: PerChannel;
  readonly input: {
    readonly name: string;
    readonly layout: SceneLayout;
    /** Pictures are stretched over it; `dynamic`: any multiple of {@link SCENE_STRIDE_PX}. */
    readonly size: Size | 'dynamic';
  };
  readonly output: { readonly name: string; readonly layout: SceneLayout };
  readonly classSet: SceneClassSet;
}

/** Sides of pictures for networks that take any size. */
export const SCENE_STRIDE_PX = 32;

const SIDE_MAX_PX = 4096;
const SETS: ReadonlyMap<number, SceneClassSet> = new Map(
  [ROAD, VOC, CITYSCAPES, ADE20K].map((set) => [set.channels.length, set]),
);

/**
 * Finds out how a network that segments scenes is used, by its tensors alone: a picture of three channels in, a channel for each class out,
 * both float32. The number of channels says which classes they are, and with the layout how the picture is prepared.
 *
 * @throws {AppError} `model/shape` when it is none that we know, naming what was expected and what it has; `model/input-size`
 */
export function recogniseScene(model: ModelDescription): SceneModel {
  const [input] = model.inputs;
  const layout = input && layoutOf(input, (channels) => channels === 3);
  if (input === undefined || layout === undefined || model.inputs.length !== 1) throw noSceneModel(model);
  // What some exports have behind it is of use in training alone.
  const output = model.outputs.find((one) => layoutOf(one, isKnown) !== undefined);
  const outputLayout = output && layoutOf(output, isKnown);
  if (output === undefined || outputLayout === undefined) throw noSceneModel(model);
  const classSet = SETS.get(channelsOf(output, outputLayout))!;
  return {
    ...preparation(classSet, layout),
    input: { name: input.name, layout, size: sizeOf(input, layout) },
    output: { name: output.name, layout: outputLayout },
    classSet,
  };
}

/** By what each set's networks were trained with: Intel's on OpenCV's pictures, TensorFlow's DeepLab on -1..1, all others on ImageNet's. */
function preparation(
  set: SceneClassSet,
  layout: SceneLayout,
): Pick<SceneModel, 'family' | 'order' | 'mean' | 'std'> {
  if (set === ROAD) return { family: 'road-segmentation', order: 'bgr', mean: [0, 0, 0], std: [1, 1, 1] };
  if (set === VOC && layout === 'nhwc')
    return { family: 'deeplab-v3', order: 'rgb', mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] };
  return { family: 'imagenet', order: 'rgb', ...IMAGENET };
}

const isKnown = (channels: number) => SETS.has(channels);

/** Where a float tensor of one picture has its channels, if their number is wanted. */
function layoutOf(
  tensor: TensorDescription,
  isWanted: (channels: number) => boolean,
): SceneLayout | undefined {
  const isOne = tensor.dims.length === 4 && (tensor.dims[0] === 1 || !isFixed(tensor.dims[0]));
  if (!isOne || tensor.type !== 'float') return undefined;
  return (['nchw', 'nhwc'] as const).find((layout) => isWanted(channelsOf(tensor, layout)));
}

function channelsOf({ dims }: TensorDescription, layout: SceneLayout): number {
  return Number(dims[layout === 'nchw' ? 1 : 3]);
}

/** @throws {AppError} `model/input-size` */
function sizeOf(input: TensorDescription, layout: SceneLayout): SceneModel['input']['size'] {
  const size = inputSize(input, layout);
  if (size === 'dynamic' || Math.max(size.widthPx, size.heightPx) <= SIDE_MAX_PX) return size;
  throw new AppError(
    'model/input-size',
    'input',
    `Input "${input.name}" takes pictures of ${size.widthPx}×${size.heightPx}; sides of ${SIDE_MAX_PX} at most are looked at. ` +
      'Export the model with another size.',
  );
}

function noSceneModel({ inputs, outputs }: ModelDescription): AppError {
  const sets = [...SETS.values()].map(({ name, channels }) => `${channels.length} (${name})`).join(', ');
  return new AppError(
    'model/shape',
    'input',
    'This is no network that segments scenes as Sightline knows them: a float picture [1, 3, h, w] or [1, h, w, 3] in, and a channel for each ' +
      `class out, ${sets}. Got: in ${list(inputs)}, out ${list(outputs)}.`,
  );
}

function list(tensors: readonly TensorDescription[]): string {
  return (
    tensors.map(({ name, type, dims }) => `${name} ${type} [${dims.join(', ')}]`).join(', ') || 'nothing'
  );
}
