export { CENTERNET_IMPORT_VERSION, importCenternet } from './import-centernet.js';
export { reportImport, type ImportReport, type OperatorCount } from './import-report.js';
export { importTfjs, type ConvertOptions, type TfModel } from './import-tfjs.js';
export { parseTfGraph, type TfGraph, type TfWeight } from './tfjs-graph.js';
