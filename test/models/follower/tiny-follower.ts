import { GraphBuilder } from '../../../src/models/onnx/graph-builder.js';

/** Geometry of the pair below, as its metadata have it. */
const TINY = { templatePx: 32, searchPx: 60, strideGrid: 4, grid: 15 };

/** What the metadata of our pairs say. */
export const TINY_METADATA: Readonly<Record<string, string>> = {
  'sightline.name': 'tiny-follower',
  'sightline.follower': '1',
  template_px: String(TINY.templatePx),
  search_px: String(TINY.searchPx),
  stride: String(TINY.strideGrid),
  grid: String(TINY.grid),
  context: '0.5',
};

/**
 * A pair of the layout of our own network that follows a colour: a template is the mean colour of its middle, and a cell of the search
 * crop scores by how near the mean colour of as much around it is. A box is as large as a square object is in the crop.
 */
export function tinyFollower({
  batch = 'batch',
  template = TINY_METADATA,
  search = template,
}: {
  readonly batch?: number | string;
  readonly template?: Readonly<Record<string, string>>;
  readonly search?: Readonly<Record<string, string>>;
} = {}): { template: Uint8Array; search: Uint8Array } {
  return { template: templateBranch(batch, template), search: searchBranch(batch, search) };
}

function templateBranch(batch: number | string, metadata: Readonly<Record<string, string>>): Uint8Array {
  const { templatePx } = TINY;
  const graph = new GraphBuilder();
  graph.input('crop', 'float32', [batch, 3, templatePx, templatePx]);
  const [from, to, axes] = [
    [8, 8],
    [24, 24],
    [2, 3],
  ].map((values) => graph.int64s(values));
  const middle = graph.node('Slice', ['crop', from!, to!, axes!]);
  graph.node('GlobalAveragePool', [middle], {}, 'kernel');
  const flat = graph.node('Flatten', ['kernel'], { axis: { int: 1 } });
  graph.node('LpNormalization', [flat], { axis: { int: 1 }, p: { int: 2 } }, 'embedding');
  graph.output('kernel', [batch, 3, 1, 1]);
  graph.output('embedding', [batch, 3]);
  return graph.build('template', metadata);
}

function searchBranch(batch: number | string, metadata: Readonly<Record<string, string>>): Uint8Array {
  const { searchPx, strideGrid, grid, templatePx } = TINY;
  const graph = new GraphBuilder();
  graph.input('crop', 'float32', [batch, 3, searchPx, searchPx]);
  graph.input('kernel', 'float32', [batch, 3, 1, 1]);
  // A square object covers 16 pixels; its mean is taken around each cell's centre.
  const pool = {
    kernel_shape: { ints: [templatePx / 2, templatePx / 2] },
    strides: { ints: [strideGrid, strideGrid] },
    pads: { ints: [6, 6, 6, 6] },
  };
  const colours = graph.node('AveragePool', ['crop'], pool);
  const difference = graph.node('Abs', [graph.node('Sub', [colours, 'kernel'])]);
  const mean = graph.node('ReduceMean', [difference], { axes: { ints: [1] }, keepdims: { int: 1 } });
  graph.node('Exp', [graph.node('Div', [mean, graph.floats([1], Float32Array.of(-12))])], {}, 'score');
  const none = graph.node('Mul', ['score', graph.floats([1], Float32Array.of(0))]);
  graph.node('Add', [none, graph.floats([1, 4, 1, 1], new Float32Array(4).fill(templatePx / 4))], {}, 'ltrb');
  graph.output('score', [batch, 1, grid, grid]);
  graph.output('ltrb', [batch, 4, grid, grid]);
  return graph.build('search', metadata);
}
