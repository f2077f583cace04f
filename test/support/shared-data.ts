import path from 'node:path';

/**
 * Where real clips, models and annotated images lie, outside the repository. What needs them is skipped by
 * name where they are absent: `const describeWith = existsSync(...) ? describe : describe.skip`.
 */
export const sharedDir = process.env.SIGHTLINE_SHARED ?? path.resolve('../shared');
