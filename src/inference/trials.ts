import { collectHistograms } from './calibrate.js';
import { detectInPictures, timePaired } from './compare-models.js';
import { OutputReference } from './sensitivity.js';

/** What runs models on the calling thread, to find out how they do. */
export const trials = { collectHistograms, detectInPictures, timePaired, OutputReference };
