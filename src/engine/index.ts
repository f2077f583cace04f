export { analyseFile } from './analyse-file.js';
export { VideoAnnotation } from './annotate-video.js';
export { Dispatcher } from './dispatcher.js';
export { measureDecode } from './measure-decode.js';
export * from './engine-client.js';
export { planAnalysis, type Analysis } from './frame-analyser.js';
export type * from './messages.js';
export { readPictures } from './read-pictures.js';
export { samplePictures } from './sample-pictures.js';
