export {
  convertTfjs,
  importTfjs,
  type ConvertedGraph,
  type ConvertOptions,
  type TfModel,
} from './import-tfjs.js';
export { parseTfGraph, type TfGraph } from './tfjs-graph.js';
