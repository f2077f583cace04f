import { collectHistograms } from './calibrate.js';
import { detectInPictures, timePaired } from './compare-models.js';
import { Follower } from './follower.js';
import type { LoadedFollower } from './load-follower.js';
import type { LoadedMaskHead } from './load-mask-head.js';
import { MaskHead } from './mask-head.js';
import { OutputReference } from './sensitivity.js';

/** Opens a follower on the processor, in sessions of one thread. */
function openFollower(loaded: LoadedFollower): Promise<Follower> {
  return Follower.open(loaded, { provider: 'cpu', isRequired: true });
}

/** Opens a mask head on the processor, in a session of one thread. */
function openMaskHead(loaded: LoadedMaskHead): Promise<MaskHead> {
  return MaskHead.open(loaded, { provider: 'cpu', isRequired: true });
}

/** What runs models on the calling thread, to find out how they do. */
export const trials = {
  collectHistograms,
  detectInPictures,
  timePaired,
  openFollower,
  openMaskHead,
  OutputReference,
};
