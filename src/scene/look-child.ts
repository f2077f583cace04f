// Entry of a child process that looks at pictures of one camera once: native code runs here that may crash, and blocks for seconds.
import { constants, setPriority } from 'node:os';
import sharp from 'sharp';
import { encodeError } from '../base/index.js';
import { lookAtScene } from './look-at-scene.js';
import type { LookAnswer, LookRequest } from './messages.js';

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
sharp.cache(false);
sharp.concurrency(1);

process.on('message', ({ modelPath, pictures }: LookRequest) => {
  const answer = (message: LookAnswer) => process.connected && process.send?.(message);
  lookAtScene(
    modelPath,
    pictures.map((bytes) => ({ bytes })),
  ).then(
    (look) => answer({ look }),
    (error: unknown) => answer({ error: encodeError(error) }),
  );
});
// However control ended.
process.on('disconnect', () => process.exit(0));
