import { AppError } from '../../src/base/index.js';
import type { RecordingSource } from '../../src/server/dependencies.js';

/** For servers of which no recording is wanted. */
export const noRecordings: RecordingSource = {
  list: () => Promise.resolve({ segments: [], gaps: [] }),
  mark: () => Promise.resolve(0),
  clip: () => Promise.reject(new AppError('recording/nothing-recorded', 'not-found', 'nothing is recorded')),
};
