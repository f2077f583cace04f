export { ClassBook } from './class-book.js';
export {
  Classifiers,
  noSuchExample,
  type ClassifierInfo,
  type ClassifierVersion,
  type ExampleSource,
} from './classifiers.js';
export { PictureProcess } from './picture-process.js';
export type { SeenTrack } from './track-classifier.js';
export type { TrainingReport } from './train-head.js';
