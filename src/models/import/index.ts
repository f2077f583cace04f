export { CENTERNET_IMPORT_VERSION, importCenternet } from './import-centernet.js';
export { importTfjs, type ConvertOptions, type TfModel } from './import-tfjs.js';
export { parseTfGraph, type TfGraph } from './tfjs-graph.js';
